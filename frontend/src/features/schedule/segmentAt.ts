type Segment = { phase: string; starts: string; ends: string };

/** The segment that holds at `now` (ms); segments are gapless and ascending. */
export function segmentAt<T extends Segment>(segments: readonly T[], now: number): T | null {
  return (
    segments.find((each) => Date.parse(each.starts) <= now && now < Date.parse(each.ends)) ?? null
  );
}
