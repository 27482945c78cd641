import { fromZonedInput, toZonedInput } from "@/lib/zonedInput";

const DAY_MS = 24 * 3600 * 1000;

/** A day of a zone's calendar: its date, and its two midnights in ms. It may have 23 or 25 hours. */
export type CalendarDay = { date: string; starts: number; ends: number };

/** So many days of the zone's calendar, the first the one of `now`. */
export function calendarDays(now: number, count: number, zone: string): CalendarDay[] {
  const first = Date.parse(`${toZonedInput(now, zone).slice(0, 10)}T00:00Z`);
  return Array.from({ length: count }, (_, index) => {
    const date = dateOf(first + index * DAY_MS);
    return {
      date,
      starts: midnight(date, zone),
      ends: midnight(dateOf(first + (index + 1) * DAY_MS), zone),
    };
  });
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function midnight(date: string, zone: string): number {
  return Date.parse(fromZonedInput(`${date}T00:00`, zone) ?? `${date}T00:00Z`);
}
