import type { Tone } from "@/components/ui/Pill";
import type { TableWord } from "./tableWords";

const OPEN = new Set(["submitted", "accepted", "partially_filled"]);
const REFUSED = new Set(["denied", "rejected"]);
const WORDS: Record<string, TableWord> = {
  new: "new",
  submitted: "submitted",
  accepted: "accepted",
  partially_filled: "partially_filled",
  filled: "filledState",
  cancelled: "cancelled",
  denied: "deniedState",
  rejected: "rejected",
  expired: "expired",
};

export function isOpen(state: string): boolean {
  return OPEN.has(state);
}

export function toneOf(state: string): Tone {
  if (state === "filled") return "up";
  if (REFUSED.has(state)) return "down";
  return OPEN.has(state) ? "accent" : "paused";
}

/** The word for a state; null for one that we have none for. */
export function stateWord(state: string): TableWord | null {
  return WORDS[state] ?? null;
}
