type Fields = Readonly<Record<string, unknown>> | null;

/** A field that differs between before and after; what is missing on a side is null there. */
export type Change = { field: string; before: string | null; after: string | null };

/** The fields that a change touched, in the order of their names. */
export function changesOf(before: Fields, after: Fields): Change[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .sort()
    .map((field) => ({ field, before: text(before, field), after: text(after, field) }))
    .filter((change) => change.before !== change.after);
}

function text(fields: Fields, field: string): string | null {
  if (!fields || !(field in fields)) return null;
  const value = fields[field];
  return typeof value === "string" ? value : JSON.stringify(value);
}
