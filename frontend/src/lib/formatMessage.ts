import { LOCALES } from "./language";
import { type Part, parseMessage } from "./message";
import type { Language } from "./preferences";

export type Values = Readonly<Record<string, string | number>>;

const parsed = new Map<string, Part[]>();

/** A message with its values put in, in a language. A value that is missing shows as its name. */
export function formatMessage(message: string, values: Values, language: Language): string {
  const parts = parsed.get(message) ?? parseMessage(message);
  parsed.set(message, parts);
  return render(parts, values, LOCALES[language].numbers);
}

function render(parts: readonly Part[], values: Values, locale: string): string {
  return parts.map((part) => one(part, values, locale)).join("");
}

function one(part: Part, values: Values, locale: string): string {
  if (part.kind === "text") return part.text;
  const value = values[part.name];
  if (value === undefined) return `{${part.name}}`;
  if (part.kind === "value") return String(value);
  const count = Number(value);
  if (part.kind === "number") return new Intl.NumberFormat(locale).format(count);
  const branch =
    part.branches[`=${count}`] ??
    part.branches[new Intl.PluralRules(locale).select(count)] ??
    part.branches.other;
  return render(branch ?? [], values, locale);
}
