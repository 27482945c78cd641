import type { Schema } from "@/api/types";

export type ChartInterval = Schema<"Interval">;

/** The bar intervals that the chart offers, in seconds. */
export const SECONDS: Record<ChartInterval, number> = {
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3600,
  "1d": 86_400,
};

export const INTERVALS = Object.keys(SECONDS) as ChartInterval[];

export function isInterval(text: string | undefined): text is ChartInterval {
  return INTERVALS.some((interval) => interval === text);
}
