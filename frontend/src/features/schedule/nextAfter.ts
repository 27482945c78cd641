import { segmentAt } from "./segmentAt";

type Segment = { phase: string; starts: string; ends: string };

/** The next segment of another phase that starts after `now` (ms). */
export function nextAfter<T extends Segment>(segments: readonly T[], now: number): T | null {
  const phase = segmentAt(segments, now)?.phase;
  return segments.find((each) => Date.parse(each.starts) > now && each.phase !== phase) ?? null;
}
