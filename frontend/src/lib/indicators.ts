/** Indicators over closing prices, ascending; null where there are too few values yet. */
export type Series = (number | null)[];

/** The mean of the last `length` values. */
export function simpleAverage(values: readonly number[], length: number): Series {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (index >= length ? (values[index - length] ?? 0) : 0);
    return index >= length - 1 ? sum / length : null;
  });
}

/** The exponential average of span `length` (weight 2 / (length + 1)), seeded by the simple one. */
export function exponentialAverage(values: readonly number[], length: number): Series {
  const weight = 2 / (length + 1);
  const seed = simpleAverage(values, length);
  let last: number | null = null;
  return values.map((value, index) => {
    last = last === null ? (seed[index] ?? null) : last + weight * (value - last);
    return last;
  });
}

export type Bands = { middle: Series; upper: Series; lower: Series };

/** Bollinger's bands: the simple average, and `width` population standard deviations around it. */
export function bollingerBands(values: readonly number[], length: number, width: number): Bands {
  const middle = simpleAverage(values, length);
  const spread = middle.map((mean, index) => {
    if (mean === null) return null;
    const window = values.slice(index - length + 1, index + 1);
    return width * Math.sqrt(window.reduce((sum, each) => sum + (each - mean) ** 2, 0) / length);
  });
  const around = (sign: number): Series =>
    middle.map((mean, index) => {
      const away = spread[index] ?? null;
      return mean === null || away === null ? null : mean + sign * away;
    });
  return { middle, upper: around(1), lower: around(-1) };
}
