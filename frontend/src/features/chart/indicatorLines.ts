import { bollingerBands, exponentialAverage, type Series, simpleAverage } from "@/lib/indicators";
import { type Indicator, LENGTHS } from "./indicatorChoice";

export const LINES = ["sma", "ema", "middle", "upper", "lower"] as const;

export type LineName = (typeof LINES)[number];

/** The lines of the indicators that are shown, over closing prices. */
export function indicatorLines(
  closes: readonly number[],
  shown: readonly Indicator[],
): Partial<Record<LineName, Series>> {
  return {
    ...(shown.includes("sma") ? { sma: simpleAverage(closes, LENGTHS.sma) } : {}),
    ...(shown.includes("ema") ? { ema: exponentialAverage(closes, LENGTHS.ema) } : {}),
    ...(shown.includes("bollinger")
      ? bollingerBands(closes, LENGTHS.bollinger, LENGTHS.width)
      : {}),
  };
}
