import type { Schema } from "@/api/types";

/** A bar as the chart draws it: `time` is its start in Unix seconds. */
export type Candle = {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
};

export function candleOf(bar: Schema<"BarView">): Candle {
  const { open, high, low, close, volume } = bar;
  return { time: Date.parse(bar.start) / 1000, open, high, low, close, volume };
}
