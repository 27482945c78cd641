import type { SIGNALS } from "./words";

const OUTCOMES = ["executed", "no_orders", "recorded", "expired", "superseded", "faulted"] as const;

type Key = keyof (typeof SIGNALS)["en"];

/** What became of a signal's decision, as a key of the words; null for what we have no word for. */
export function outcomeWord(outcome: string | null): Key | null {
  return OUTCOMES.find((each) => each === outcome) ?? null;
}
