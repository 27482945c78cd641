const HOUR_MS = 3600 * 1000;

export type HourMark = { at: number; share: number };

/** The full hours of a zone (every `step` of its clock's hours) within a stretch, as shares of it. */
export function hourMarks(start: number, span: number, step: number, zone: string): HourMark[] {
  const hour = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  });
  const marks: HourMark[] = [];
  for (let at = Math.ceil(start / HOUR_MS) * HOUR_MS; at < start + span; at += HOUR_MS) {
    if (Number(hour.format(at)) % step === 0) marks.push({ at, share: (at - start) / span });
  }
  return marks;
}
