import { useComputedColorScheme } from "@mantine/core";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Schema } from "@/api/types";
import { useZone } from "@/lib/useZone";
import { feed } from "@/live/feed";
import { subscriptions } from "@/live/subscriptions";
import { BarChart } from "./barChart";
import { candleOf } from "./candle";
import { formCandle } from "./formCandle";
import { type ChartInterval, SECONDS } from "./interval";
import type { Mark } from "./mark";
import { readPalette } from "./palette";

type Shown = {
  instrument: string;
  interval: ChartInterval;
  bars: Schema<"BarsView"> | undefined;
  marks: readonly Mark[];
};

/** Draws bars, live bars and marks into the element; gives how many bars are drawn and the last end. */
export function useBarChart(element: RefObject<HTMLElement | null>, shown: Shown) {
  const { instrument, interval, bars, marks } = shown;
  const chart = useRef<BarChart | null>(null);
  const drawn = useRef("");
  const [extent, setExtent] = useState({ count: 0, lastEnd: null as string | null });
  const zone = useZone();
  const scheme = useComputedColorScheme("dark");

  useEffect(() => {
    if (!element.current) return;
    const made = new BarChart(element.current, readPalette(element.current));
    chart.current = made;
    drawn.current = "";
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [element]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read anew for each scheme
  useEffect(() => {
    if (element.current) chart.current?.paint(readPalette(element.current));
  }, [element, scheme]);

  useEffect(() => chart.current?.zone(zone), [zone]);

  useEffect(() => {
    if (!bars || !chart.current) return;
    const key = `${instrument} ${interval}`;
    const same = drawn.current === key;
    chart.current.load(bars.bars.map(candleOf), SECONDS[interval], same);
    drawn.current = key;
    const count = chart.current.count;
    const end = bars.bars.at(-1)?.end ?? null;
    setExtent((before) => ({ count, lastEnd: same ? laterOf(before.lastEnd, end) : end }));
  }, [bars, instrument, interval]);

  useEffect(() => chart.current?.mark(marks), [marks]);

  useEffect(() => {
    const seconds = SECONDS[interval];
    const stops = [
      subscriptions.add({ instruments: [instrument], intervals: [interval] }),
      feed.bars.listen((bar) => {
        if (bar.instrument !== instrument || bar.interval !== interval) return;
        chart.current?.update(candleOf(bar));
        setExtent({ count: chart.current?.count ?? 0, lastEnd: bar.end });
      }),
      feed.ticks.listen((tick) => {
        const drawing = chart.current;
        if (tick.instrument !== instrument || !drawing?.last) return;
        const time = Date.parse(tick.at) / 1000;
        const candle = formCandle(drawing.last, { time, price: tick.price }, seconds);
        if (candle) drawing.update(candle);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [instrument, interval]);

  return extent;
}

function laterOf(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right;
  return Date.parse(left) > Date.parse(right) ? left : right;
}
