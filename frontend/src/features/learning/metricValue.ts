import { formatQuantity, formatShare } from "@/lib/numbers";

/** A number with its unit, as the server names it; shares and probabilities as per cent. */
export function metricValue(value: number, unit: string): string {
  if (unit === "share" || unit === "probability") return formatShare(value, 1);
  return formatQuantity(Number(value.toPrecision(4)));
}
