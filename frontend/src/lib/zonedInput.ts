/** Between instants and the text of a `datetime-local` input that is read in a zone. */

/** `2012-10-15T15:30` of an instant in the zone. */
export function toZonedInput(ms: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).format(ms);
  return parts.replace(" ", "T");
}

/** Such a text of one zone as it is written in another; what is none stays. */
export function rezoned(text: string, from: string, to: string): string {
  const instant = fromZonedInput(text, from);
  return instant ? toZonedInput(Date.parse(instant), to) : text;
}

/** How far the zone is ahead of UTC at an instant, in seconds. */
export function zoneOffset(ms: number, zone: string): number {
  const minute = Math.floor(ms / 60_000) * 60_000;
  return (Date.parse(`${toZonedInput(minute, zone)}Z`) - minute) / 1000;
}

/** The instant of such a text; null when it is none. A time that the clock skips moves on by the gap. */
export function fromZonedInput(text: string, zone: string): string | null {
  const wanted = Date.parse(`${text}Z`);
  if (!Number.isFinite(wanted)) return null;
  let ms = wanted;
  for (let round = 0; round < 2; round++) ms += wanted - Date.parse(`${toZonedInput(ms, zone)}Z`);
  return new Date(ms).toISOString();
}
