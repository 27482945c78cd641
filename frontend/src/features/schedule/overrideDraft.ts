import type { Schema } from "@/api/types";
import { fromZonedInput } from "@/lib/zonedInput";
import type { Phase } from "./isPhase";

export type OverrideDraft = { scope: string; phase: Phase; until: string; reason: string };

const HOUR_MS = 3600 * 1000;

/** How long an override is proposed for: two market hours, or a real minute where these fly by. */
export function defaultSpan(speed: number): number {
  return Math.max(2 * HOUR_MS, 60_000 * speed);
}

/** The request of a draft whose end was typed in a zone; null while something is missing. */
export function bodyOf(draft: OverrideDraft, zone: string): Schema<"OverrideBody"> | null {
  const ends = fromZonedInput(draft.until, zone);
  const reason = draft.reason.trim();
  if (!ends || !reason) return null;
  return { scope: draft.scope, phase: draft.phase, ends, reason };
}
