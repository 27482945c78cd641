/** The bar intervals that the chart offers, in seconds. */
export const INTERVALS = ["1m", "5m", "15m", "1h", "1d"] as const;

export type ChartInterval = (typeof INTERVALS)[number];

export const SECONDS: Record<ChartInterval, number> = {
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3600,
  "1d": 86_400,
};

export function isInterval(text: string | undefined): text is ChartInterval {
  return INTERVALS.some((interval) => interval === text);
}
