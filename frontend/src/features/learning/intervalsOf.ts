import type { Schema } from "@/api/types";

export type Interval = { name: string; value: number; low: number; high: number };

type Verdict = Pick<
  Schema<"VerdictView">,
  "sharpe_difference" | "interval_low" | "interval_high" | "intervals" | "competitors"
>;

/**
 * The challenger's paired differences of Sharpe ratios, from the champion's on. A benchmark's point
 * is the difference of the two rows where both are there, else the interval's middle.
 */
export function intervalsOf(verdict: Verdict, champion: string): Interval[] {
  const sharpe = new Map(verdict.competitors.map((each) => [each.name, each.sharpe]));
  const own = sharpe.get("challenger");
  const first = {
    name: champion,
    value: verdict.sharpe_difference,
    low: verdict.interval_low,
    high: verdict.interval_high,
  };
  const others = Object.entries(verdict.intervals)
    .filter(([name]) => name !== "champion")
    .map(([name, [low = 0, high = 0]]) => {
      const other = sharpe.get(name);
      const known = own !== undefined && other !== undefined;
      return { name, value: known ? own - other : (low + high) / 2, low, high };
    });
  return [first, ...others];
}

/** What an interval says of a difference. */
export function sureness({ low, high }: Interval): "better" | "unsure" | "worse" {
  if (low > 0) return "better";
  return high < 0 ? "worse" : "unsure";
}
