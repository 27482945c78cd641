/** The numbers behind a condition, in one line: `loss 0.31, limit 0.3`. */
export function contextWords(context: Readonly<Record<string, string>>): string {
  return Object.entries(context)
    .filter(([, value]) => value && value !== "-")
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`)
    .join(", ");
}
