/** Whether base and contributions give the score, within what rounding on the way can cost. */
export function addsUp(base: number, contributions: readonly number[], score: number): boolean {
  const sum = contributions.reduce((total, each) => total + each, base);
  return Math.abs(sum - score) <= 1e-4 * Math.max(1, Math.abs(score));
}
