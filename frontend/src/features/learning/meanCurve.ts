import type { Point } from "./smooth";

/**
 * The mean of several curves at shared steps, each between its points a straight line; only where
 * every curve has values, so that none that ended early bends it.
 */
export function meanCurve(curves: readonly (readonly Point[])[], count = 60): Point[] {
  const drawn = curves.filter((points) => points.length > 1);
  if (drawn.length === 0) return [];
  const from = Math.max(...drawn.map((points) => points[0]?.step ?? 0));
  const to = Math.min(...drawn.map((points) => points.at(-1)?.step ?? 0));
  if (to <= from) return [];
  return Array.from({ length: count }, (_, index) => {
    const step = from + ((to - from) * index) / (count - 1);
    const sum = drawn.reduce((total, points) => total + valueAt(points, step), 0);
    return { step, value: sum / drawn.length };
  });
}

/** A curve's value at a step within it. */
function valueAt(points: readonly Point[], step: number): number {
  const next = points.findIndex((point) => point.step >= step);
  const right = points[Math.max(next, 0)];
  const left = points[Math.max(next - 1, 0)];
  if (!left || !right) return Number.NaN;
  if (right.step === left.step) return right.value;
  return left.value + ((right.value - left.value) * (step - left.step)) / (right.step - left.step);
}
