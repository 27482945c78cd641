/** `champion_kept` → `champion kept`; what passed the gate has not yet been promoted by that. */
export function verdictWords(verdict: string): string {
  if (verdict === "promoted") return "passed the gate";
  return verdict.replaceAll("_", " ");
}
