import { Problem } from "@/api/problem";

type Field = "scope" | "phase" | "ends" | "reason";

const FIELDS: [prefix: string, field: Field][] = [
  ["override_pool", "scope"],
  ["override_scope", "scope"],
  ["override_pod", "scope"],
  ["override_reason", "reason"],
  ["override_ends", "ends"],
  ["override_too_long", "ends"],
];

/** What is wrong with an override, at the field that it is about; empty where it is about none. */
export function refusedFields(error: unknown): Partial<Record<Field, string>> {
  if (!(error instanceof Problem)) return {};
  const field = FIELDS.find(([prefix]) => error.code.startsWith(prefix))?.[1];
  return field ? { [field]: error.message } : error.fields;
}
