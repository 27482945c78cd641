/** The word for a verdict; what passed the gate has not yet been promoted by that. */
export function verdictWord(verdict: string): "passed" | "kept" {
  return verdict === "promoted" ? "passed" : "kept";
}
