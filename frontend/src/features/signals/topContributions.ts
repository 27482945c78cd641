/** The largest contributions by size, largest first; those below `least` count as none. */
export function topContributions(
  contributions: Readonly<Record<string, number>>,
  most: number,
  least: number,
): [string, number][] {
  return Object.entries(contributions)
    .filter(([, share]) => Math.abs(share) >= least)
    .sort(([, left], [, right]) => Math.abs(right) - Math.abs(left))
    .slice(0, most);
}
