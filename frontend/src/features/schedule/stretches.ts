const DAY_MS = 24 * 3600 * 1000;

type Segment = { starts: string; ends: string };

/** A segment's part of a stretch of time: where it begins and how long it is, as shares of it. */
export type Stretch<T> = { segment: T; from: number; size: number };

/** The segments that lie within [start, start + span), clipped to it, in order. */
export function stretches<T extends Segment>(
  segments: readonly T[],
  start: number,
  span: number = DAY_MS,
): Stretch<T>[] {
  return segments.flatMap((segment) => {
    const from = Math.max(0, (Date.parse(segment.starts) - start) / span);
    const to = Math.min(1, (Date.parse(segment.ends) - start) / span);
    return to > from ? [{ segment, from, size: to - from }] : [];
  });
}
