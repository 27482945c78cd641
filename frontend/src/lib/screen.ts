import { useEffect } from "react";
import { create } from "zustand";

/** What a page shows, for questions that say “this” or “here”: one record, or a chart. */
export type OnScreen = {
  kind: "signal" | "verdict" | "chart";
  /** The signal's or the verdict's id. */
  record?: string;
  instrument?: string;
  /** When the signal came, or which night was judged. */
  at?: string;
  /** The stretch of market time that the chart shows as it is asked. */
  span?: () => Span | null;
};

export type Span = { since: string; until: string };

export const useScreen = create<{ shown: OnScreen | null }>()(() => ({ shown: null }));

/** Says what the page shows, as long as it does; null shows nothing. `span` stays one function. */
export function useOnScreen(its: OnScreen | null): void {
  const { kind, record, instrument, at, span } = its ?? {};
  useEffect(() => {
    if (!kind) return;
    const shown: OnScreen = {
      kind,
      ...(record ? { record } : {}),
      ...(instrument ? { instrument } : {}),
      ...(at ? { at } : {}),
      ...(span ? { span } : {}),
    };
    useScreen.setState({ shown });
    return () => {
      if (useScreen.getState().shown === shown) useScreen.setState({ shown: null });
    };
  }, [kind, record, instrument, at, span]);
}
