import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Schema } from "@/api/types";
import { useScheme } from "@/lib/scheme";
import { useZone } from "@/lib/useZone";
import { BarChart } from "./barChart";
import { candleOf } from "./candle";
import { Drawing } from "./drawing";
import { useIndicators } from "./indicatorChoice";
import { type ChartInterval, SECONDS } from "./interval";
import type { Mark } from "./mark";
import { readPalette } from "./palette";
import { useLiveBars } from "./useLiveBars";
import { useSessions } from "./useSessions";

export type Shown = {
  instrument: string;
  interval: ChartInterval;
  bars: Schema<"BarsView"> | undefined;
  marks: readonly Mark[];
  /** Decimals of the instrument's prices. */
  decimals: number;
  /** The calendar of its exchange, once it is known. */
  calendar: string | undefined;
  /** Called when bars are missing between what was loaded and what comes live. */
  onHole: () => void;
};

/** Draws bars, live bars and marks into the element; gives how many bars are drawn and the last end. */
export function useBarChart(element: RefObject<HTMLElement | null>, shown: Shown) {
  const { instrument, interval, bars, marks, decimals, calendar, onHole } = shown;
  const key = `${instrument} ${interval}`;
  const chart = useRef<BarChart | null>(null);
  const drawing = useRef<Drawing | null>(null);
  const [extent, setExtent] = useState({ key: "", count: 0, lastEnd: null as string | null });
  const zone = useZone();
  const scheme = useScheme();
  const sessions = useSessions(calendar, bars?.bars[0]?.start.slice(0, 10));
  const indicators = useIndicators((state) => state.shown);

  useEffect(() => {
    if (!element.current) return;
    const made = new BarChart(element.current, readPalette(element.current));
    chart.current = made;
    drawing.current = new Drawing(made, onHole);
    return () => {
      chart.current = null;
      drawing.current = null;
      made.destroy();
    };
  }, [element, onHole]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read anew for each scheme
  useEffect(() => {
    if (element.current) chart.current?.paint(readPalette(element.current));
  }, [element, scheme]);

  useEffect(() => chart.current?.zone(zone), [zone]);

  useEffect(() => chart.current?.precision(decimals), [decimals]);

  useEffect(() => chart.current?.indicate(indicators), [indicators]);

  useEffect(() => {
    drawing.current?.load(key, bars?.bars.map(candleOf), SECONDS[interval]);
    const end = bars?.bars.at(-1)?.end ?? null;
    const count = chart.current?.count ?? 0;
    setExtent((before) => ({
      key,
      count,
      lastEnd: before.key === key ? laterOf(before.lastEnd, end) : end,
    }));
  }, [bars, key, interval]);

  useEffect(() => chart.current?.mark(marks), [marks]);

  useEffect(() => chart.current?.within(sessions), [sessions]);

  useLiveBars(drawing, instrument, interval, (end) =>
    setExtent({ key, count: chart.current?.count ?? 0, lastEnd: end }),
  );
  const drawn = useCallback(() => chart.current?.drawnBars ?? [], []);
  const seen = useCallback(() => chart.current?.seen ?? null, []);
  return { ...extent, drawn, seen };
}

function laterOf(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right;
  return Date.parse(left) > Date.parse(right) ? left : right;
}
