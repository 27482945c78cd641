const FIRST_MS = 250;
const MOST_MS = 5000;

/** How long to wait before the nth try (0 is the first): doubled each time, with jitter, bounded. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
}
