import type { Tone } from "@/components/ui/Pill";

const OPEN = new Set(["submitted", "accepted", "partially_filled"]);
const REFUSED = new Set(["denied", "rejected"]);

export function isOpen(state: string): boolean {
  return OPEN.has(state);
}

export function toneOf(state: string): Tone {
  if (state === "filled") return "up";
  if (REFUSED.has(state)) return "down";
  return OPEN.has(state) ? "accent" : "paused";
}
