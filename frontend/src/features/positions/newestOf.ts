/** The latest of some instants; undefined where there is none. */
export function newestOf(instants: readonly string[]): string | undefined {
  return instants.reduce<string | undefined>(
    (newest, at) => (newest && Date.parse(newest) >= Date.parse(at) ? newest : at),
    undefined,
  );
}
