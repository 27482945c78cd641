type Bar = { end: string; close: number };
export type BenchmarkPoint = { at: number; value: number };

/**
 * Cash in equal parts of several instruments, bought at the first instant that all have a price and
 * held, without costs: its value at each instant (ms), by the last bar that had ended then.
 */
export function heldEqually(
  cash: number,
  bars: readonly (readonly Bar[])[],
  instants: readonly number[],
): BenchmarkPoint[] {
  if (bars.length === 0 || bars.some((each) => each.length === 0)) return [];
  const series = bars.map((each) => each.map(({ end, close }) => ({ at: Date.parse(end), close })));
  let bought: number[] | null = null;
  return instants.flatMap((at) => {
    const prices = series.map((each) => each.findLast((bar) => bar.at <= at)?.close);
    if (prices.some((price) => price === undefined)) return [];
    const known = prices as number[];
    bought ??= known.map((price) => cash / known.length / price);
    const value = known.reduce((sum, price, index) => sum + price * (bought?.[index] ?? 0), 0);
    return [{ at, value }];
  });
}
