type Bar = { end: string; high: number; low: number; close: number };
type Signal = { bar_end: string; price: number; weight_before: number; weight_after: number };

/**
 * What the price has done since a signal, as shares of the signal's price: by now, at its best and
 * its worst for what was wanted. `change` of the weight times the move is what it was worth to the
 * desk had it been filled at the signal's price, before costs.
 */
export type Outcome = {
  bars: number;
  last: number;
  lastEnd: string;
  move: number;
  best: number;
  worst: number;
  worth: number;
  right: boolean | null;
};

/** By the bars that ended after the signal's; null while there are none. */
export function outcomeOf(signal: Signal, bars: readonly Bar[]): Outcome | null {
  const since = bars.filter((bar) => Date.parse(bar.end) > Date.parse(signal.bar_end));
  const last = since.at(-1);
  if (!last || !(signal.price > 0)) return null;
  const way = Math.sign(signal.weight_after - signal.weight_before);
  const share = (price: number): number => price / signal.price - 1;
  const high = share(Math.max(...since.map((bar) => bar.high)));
  const low = share(Math.min(...since.map((bar) => bar.low)));
  const move = share(last.close);
  return {
    bars: since.length,
    last: last.close,
    lastEnd: last.end,
    move,
    best: way < 0 ? low : high,
    worst: way < 0 ? high : low,
    worth: (signal.weight_after - signal.weight_before) * move,
    right: way === 0 || move === 0 ? null : Math.sign(move) === way,
  };
}
