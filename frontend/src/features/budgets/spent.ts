/** How much of a limit is spent, as a share of it; null where there is no limit. */
export function shareSpent(spent: number, most: number | null): number | null {
  if (most === null) return null;
  return most > 0 ? Math.min(1, spent / most) : 1;
}
