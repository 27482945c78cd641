import type { Schema } from "@/api/types";

export type Row = { end: string; equity: number[]; drawdown: number[] };

/**
 * At most so many rows of the competitors' lines, the last among them: equity as it was then, and
 * the deepest drawdown since the row before.
 */
export function thinned({ ends, lines }: Schema<"EquityLinesView">, most: number): Row[] {
  const step = Math.max(1, Math.ceil(ends.length / most));
  const rows: Row[] = [];
  for (let last = (ends.length - 1) % step; last < ends.length; last += step) {
    const first = Math.max(0, last - step + 1);
    rows.push({
      end: ends[last] ?? "",
      equity: lines.map((line) => line.equity[last] ?? Number.NaN),
      drawdown: lines.map((line) => Math.max(...line.drawdown.slice(first, last + 1))),
    });
  }
  return rows;
}
