/** The largest contributions by size, largest first. */
export function topContributions(
  contributions: Readonly<Record<string, number>>,
  most: number,
): [string, number][] {
  return Object.entries(contributions)
    .sort(([, left], [, right]) => Math.abs(right) - Math.abs(left))
    .slice(0, most);
}
