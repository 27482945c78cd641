/** Market time from the shared anchor: at wall time `wall` it was `market`, and it runs `speed` times as fast. */
export type Anchor = { market: string; wall: number; speed: number };

/** Market time in ms at a wall time in seconds. Without an anchor the market runs on the wall clock. */
export function marketAt(anchor: Anchor | null, wallSeconds: number): number {
  if (!anchor) return wallSeconds * 1000;
  return Date.parse(anchor.market) + (wallSeconds - anchor.wall) * 1000 * anchor.speed;
}
