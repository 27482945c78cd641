import type { Tone } from "./Pill";

const TONES: Record<string, Tone> = { trading: "accent", learning: "learning", paused: "paused" };

export function phaseTone(phase: string): Tone {
  return TONES[phase] ?? "plain";
}
