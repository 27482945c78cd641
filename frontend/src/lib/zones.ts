/** Which zone instants are shown in. Everything else in the client is UTC. */
export type ZoneChoice = "exchange" | "local" | "utc";

export const ZONE_CHOICES: readonly ZoneChoice[] = ["exchange", "local", "utc"];

const EXCHANGES: Record<string, string> = {
  XNYS: "America/New_York",
  XNAS: "America/New_York",
  CMES: "America/Chicago",
  XLON: "Europe/London",
  XETR: "Europe/Berlin",
  XTKS: "Asia/Tokyo",
  XHKG: "Asia/Hong_Kong",
};

/** The IANA zone to format in. An exchange that we do not know is shown in UTC. */
export function zoneOf(choice: ZoneChoice, calendar: string): string {
  if (choice === "local") return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  if (choice === "utc") return "UTC";
  return EXCHANGES[calendar] ?? "UTC";
}
