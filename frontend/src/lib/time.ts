import { currentLanguage, LOCALES } from "./language";

/** Formatters of instants and spans; the only place where a zone is applied. */
export type TimeStyle = "time" | "seconds" | "day" | "date" | "year" | "full" | "weekday";

const OPTIONS: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  time: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { month: "short", day: "numeric" },
  date: { weekday: "short", day: "numeric", month: "short" },
  weekday: { weekday: "short", hour: "2-digit", minute: "2-digit" },
  year: { year: "numeric", month: "short", day: "numeric" },
  full: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function format(style: TimeStyle, zone: string): Intl.DateTimeFormat {
  const language = currentLanguage();
  const key = `${language} ${style} ${zone}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALES[language].times, {
    ...OPTIONS[style],
    hourCycle: "h23",
    timeZone: zone,
  });
  formats.set(key, made);
  return made;
}

/** An instant (ISO text or ms) in a zone; an em dash when there is none. */
export function formatInstant(
  instant: string | number | null | undefined,
  zone: string,
  style: TimeStyle = "time",
): string {
  if (instant === null || instant === undefined) return "—";
  const ms = typeof instant === "number" ? instant : Date.parse(instant);
  return Number.isFinite(ms) ? format(style, zone).format(ms) : "—";
}

/** The zone's short name at an instant: EDT, GMT, UTC. */
export function zoneName(instant: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    timeZoneName: "short",
  }).formatToParts(instant);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** A span in its two largest units: `0.4 s`, `12 s`, `3 min 20 s`, `5 h 10 min`, `2 d 3 h`. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, seconds);
  if (whole < 10) return `${tenths(whole)} s`;
  if (whole < 60) return `${Math.floor(whole)} s`;
  if (whole < 3600) return two(whole, 60, "min", 1, "s");
  if (whole < 86400) return two(whole, 3600, "h", 60, "min");
  return two(whole, 86400, "d", 3600, "h");
}

/** `0.4`, or `0,4` where that is how it is written. */
function tenths(value: number): string {
  const text = value.toFixed(1);
  return currentLanguage() === "de" ? text.replace(".", ",") : text;
}

function two(seconds: number, size: number, unit: string, rest: number, restUnit: string): string {
  const large = Math.floor(seconds / size);
  const small = Math.floor((seconds - large * size) / rest);
  return small ? `${large} ${unit} ${small} ${restUnit}` : `${large} ${unit}`;
}

/** A countdown as a clock face: `04:09`, `1:30:00`, `2 d 03:00:00`. Below zero it stays at zero. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86400);
  const hours = Math.floor((whole % 86400) / 3600);
  const minutes = pad(Math.floor((whole % 3600) / 60));
  const tail = `${minutes}:${pad(whole % 60)}`;
  if (days) return `${days} d ${pad(hours)}:${tail}`;
  return hours ? `${hours}:${tail}` : tail;
}

const pad = (value: number): string => String(value).padStart(2, "0");
