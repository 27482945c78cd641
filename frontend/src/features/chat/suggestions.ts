import type { User } from "@/api/session";
import type { OnScreen } from "@/lib/screen";
import type { SUGGESTIONS } from "./suggestionWords";

type Key = keyof (typeof SUGGESTIONS)["en"];

const OF_SCREEN: Record<OnScreen["kind"], readonly Key[]> = {
  signal: ["signal-why", "signal-how"],
  verdict: ["verdict-why", "verdict-what"],
  chart: ["chart-how", "chart-signal"],
};
const OF_TRADERS: readonly Key[] = ["last-signal", "holdings"];
const OF_OTHERS: readonly Key[] = ["who-holds", "last-verdict"];

/** Questions that fit what is on screen, else what the person is there for. */
export function suggestions(shown: OnScreen | null, role: User["role"] | undefined) {
  if (shown) return OF_SCREEN[shown.kind];
  return role === "trader" ? OF_TRADERS : OF_OTHERS;
}
