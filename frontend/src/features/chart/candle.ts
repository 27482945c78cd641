import type { Schema } from "@/api/types";
import { SECONDS } from "./interval";

/** A bar as the chart draws it, at `time`; it counts from `from` on. Both are Unix seconds. */
export type Candle = {
  time: number;
  from: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
};

/** A bar is drawn at its start; a day's at its last second, since its end alone is the same for all. */
export function candleOf(bar: Schema<"BarView">): Candle {
  const { open, high, low, close, volume, interval } = bar;
  const end = Date.parse(bar.end) / 1000;
  const start = Date.parse(bar.start) / 1000;
  const place =
    interval === "1d" ? { time: end - 1, from: end - SECONDS["1d"] } : { time: start, from: start };
  return { ...place, open, high, low, close, volume };
}
