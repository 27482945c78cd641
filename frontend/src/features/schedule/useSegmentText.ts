import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { SCHEDULE } from "./words";

/** Tells a segment in words: its phase, from when until when, and why. */
export function useSegmentText(): (segment: Schema<"SegmentView">) => string {
  const zone = useZone();
  const say = useWords(SCHEDULE);
  return ({ phase, starts, ends, reason }) =>
    say("segment", {
      phase: say(phase),
      from: formatInstant(starts, zone, "weekday"),
      to: formatInstant(ends, zone, "weekday"),
      reason,
    });
}
