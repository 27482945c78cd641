import { type RefObject, useEffect, useRef } from "react";
import { feed } from "@/live/feed";
import { subscriptions } from "@/live/subscriptions";
import { candleOf } from "./candle";
import type { Drawing } from "./drawing";
import { type ChartInterval, SECONDS } from "./interval";

/** Subscribes to an instrument's bars and ticks, and hands them to the drawing as they come. */
export function useLiveBars(
  drawing: RefObject<Drawing | null>,
  instrument: string,
  interval: ChartInterval,
  onBar: (end: string) => void,
): void {
  const told = useRef(onBar);
  useEffect(() => {
    told.current = onBar;
  });
  useEffect(() => {
    const key = `${instrument} ${interval}`;
    const seconds = SECONDS[interval];
    const stops = [
      subscriptions.add({ instruments: [instrument], intervals: [interval] }),
      feed.bars.listen((bar) => {
        if (bar.instrument !== instrument || bar.interval !== interval) return;
        drawing.current?.bar(key, candleOf(bar), seconds);
        told.current(bar.end);
      }),
      feed.ticks.listen((tick) => {
        // A day's bar is drawn when it has closed: sessions begin at other hours over the year.
        if (tick.instrument !== instrument || interval === "1d") return;
        const time = Date.parse(tick.at) / 1000;
        drawing.current?.tick(key, { time, price: tick.price }, seconds);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [drawing, instrument, interval]);
}
