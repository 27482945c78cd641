import { usePreferences } from "./preferences";
import { zoneOf } from "./zones";

/** The IANA zone to show instants in, for an exchange calendar. */
export function useZone(calendar = "XNYS"): string {
  return zoneOf(
    usePreferences((state) => state.zone),
    calendar,
  );
}
