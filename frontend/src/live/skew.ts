/**
 * How far this machine's clock is ahead of the server's, in seconds: the smallest difference seen
 * between receiving and sending, since a frame's way only ever adds to it. Forgets slowly.
 */
export function nextSkew(
  skew: number | null,
  receivedMs: number,
  sentSeconds: number,
): number | null {
  if (!sentSeconds) return skew;
  const difference = receivedMs / 1000 - sentSeconds;
  return skew === null ? difference : Math.min(difference, skew + 0.002);
}
