export type Point = { step: number; value: number };

/**
 * A curve smoothed as TensorBoard does it: an exponential average of this weight (0 is none),
 * corrected for its beginning at nothing.
 */
export function smooth(points: readonly Point[], weight: number): Point[] {
  let last = 0;
  let share = 1;
  return points.map(({ step, value }) => {
    last = last * weight + (1 - weight) * value;
    share *= weight;
    return { step, value: last / (1 - share) };
  });
}
