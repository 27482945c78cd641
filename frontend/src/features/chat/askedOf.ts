import type { Schema } from "@/api/types";
import type { OnScreen } from "@/lib/screen";

type Screen = Schema<"OnScreen">;

/** What is on screen in the words of the API. `route` is the page's path. */
export function askedOf(shown: OnScreen, route: string): Screen {
  const { kind, record, instrument, span } = shown;
  return {
    route,
    ...(instrument ? { instrument } : {}),
    ...(record && kind !== "chart" ? { [kind]: record } : {}),
    ...span?.(),
  };
}
