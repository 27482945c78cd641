import { create } from "zustand";
import { persist } from "zustand/middleware";

export const INDICATORS = ["sma", "ema", "bollinger"] as const;

export type Indicator = (typeof INDICATORS)[number];

/** How many bars each looks at, and how wide Bollinger's bands are in standard deviations. */
export const LENGTHS = { sma: 20, ema: 50, bollinger: 20, width: 2 } as const;

/** Which indicators are drawn, kept in this browser. */
export const useIndicators = create<{ shown: readonly Indicator[] }>()(
  persist(() => ({ shown: [] as readonly Indicator[] }), { name: "shiftdesk-indicators" }),
);

export function toggleIndicator(indicator: Indicator): void {
  useIndicators.setState(({ shown }) => ({
    shown: shown.includes(indicator)
      ? shown.filter((each) => each !== indicator)
      : [...shown, indicator],
  }));
}
