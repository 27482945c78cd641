import type { Schema } from "@/api/types";

export type Phase = Schema<"OverrideBody">["phase"];

export const PHASES: readonly Phase[] = ["trading", "learning", "paused"];

export function isPhase(text: string): text is Phase {
  return PHASES.some((phase) => phase === text);
}
