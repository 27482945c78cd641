const KEPT = 400;

/** Puts a row in front, in place of the one with its key; the oldest fall off. */
export function upsert<T>(rows: readonly T[], row: T, key: (row: T) => string): T[] {
  const id = key(row);
  return [row, ...rows.filter((other) => key(other) !== id)].slice(0, KEPT);
}
