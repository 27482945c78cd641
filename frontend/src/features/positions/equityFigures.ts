import type { Schema } from "@/api/types";

export type EquityFigures = { change: number; share: number; drawdown: number };

/** Change since the start, its share, and the deepest fall from a high so far (a share, ≤ 0). */
export function equityFigures(
  points: readonly Schema<"EquityPointView">[],
  startingCash: string,
): EquityFigures {
  const start = Number(startingCash);
  let high = start;
  let drawdown = 0;
  for (const point of points) {
    const equity = Number(point.equity);
    high = Math.max(high, equity);
    if (high > 0) drawdown = Math.min(drawdown, equity / high - 1);
  }
  const change = Number(points.at(-1)?.equity ?? start) - start;
  return { change, share: start ? change / start : 0, drawdown };
}
