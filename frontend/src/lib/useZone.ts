import { useExchange } from "./exchange";
import { usePreferences } from "./preferences";
import { zoneOf } from "./zones";

/** The IANA zone to show instants in. */
export function useZone(): string {
  const choice = usePreferences((state) => state.zone);
  const calendar = useExchange((state) => state.calendar);
  return zoneOf(choice, calendar);
}
