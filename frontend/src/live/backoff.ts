const FIRST_MS = 250;
/** Soon enough that the page is right again two seconds after a server that was away is back. */
const SOON_MS = 1000;
const LATER_MS = 5000;
/** About a minute of tries; who is away for longer is asked less often. */
const SOON_TRIES = 70;

/** How long to wait before the nth try (0 is the first): doubled each time, with jitter, bounded. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const bound = attempt < SOON_TRIES ? SOON_MS : LATER_MS;
  const most = Math.min(bound, FIRST_MS * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
}
