/** `champion_kept` → `champion kept`. */
export function verdictWords(verdict: string): string {
  return verdict.replaceAll("_", " ");
}
