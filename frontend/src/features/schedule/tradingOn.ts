import type { CalendarDay } from "./calendarDays";

type Segment = { phase: string; starts: string; ends: string };

/** The stretches of a day in which a lane trades, as pairs of instants in ms; neighbours joined. */
export function tradingOn(
  segments: readonly Segment[],
  day: Pick<CalendarDay, "starts" | "ends">,
): [number, number][] {
  const found: [number, number][] = [];
  for (const segment of segments) {
    const from = Math.max(Date.parse(segment.starts), day.starts);
    const to = Math.min(Date.parse(segment.ends), day.ends);
    if (segment.phase !== "trading" || to <= from) continue;
    const last = found.at(-1);
    if (last && last[1] === from) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}
