/** The stops of the tour in order; all but the first stand at what carries their `data-tour`. */
export const STEPS = [
  "welcome",
  "mode",
  "zone",
  "chart",
  "ticket",
  "signals",
  "chat",
  "palette",
] as const;

export type Step = (typeof STEPS)[number];

/** What a step points at; null where it is not on this page. */
export function targetOf(step: Step): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-tour="${step}"]`);
}

/** The steps that this page has. */
export function stepsHere(): Step[] {
  return STEPS.filter((step) => step === "welcome" || targetOf(step) !== null);
}
