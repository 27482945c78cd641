/** Rows of the server with the live ones over them, by key; live rows that are new come first. */
export function merge<T>(
  server: readonly T[] | undefined,
  live: readonly T[],
  key: (row: T) => string,
): T[] {
  const newer = new Map(live.map((row) => [key(row), row]));
  const known = (server ?? []).map((row) => {
    const replacement = newer.get(key(row));
    newer.delete(key(row));
    return replacement ?? row;
  });
  return [...newer.values(), ...known];
}
