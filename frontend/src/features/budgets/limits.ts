import type { Limits } from "./useBudgets";

export const FIELDS = ["day_tokens", "month_tokens", "day_usd", "month_usd"] as const;
export type Field = (typeof FIELDS)[number];
export type Draft = Record<Field, string>;

/** What a form shows of limits: an empty field is no limit. */
export function draftOf(limits: Limits): Draft {
  const text = (field: Field) => String(limits[field] ?? "").replace(/(\.\d*?)0+$/, "$1");
  return Object.fromEntries(
    FIELDS.map((field) => [field, text(field).replace(/\.$/, "")]),
  ) as Draft;
}

/** The limits of a form. Dollars stay text: they are never made a float. */
export function limitsOf(draft: Draft): Limits {
  const tokens = (text: string) => (text.trim() ? Number(text) : null);
  const usd = (text: string) => text.trim() || null;
  return {
    day_tokens: tokens(draft.day_tokens),
    month_tokens: tokens(draft.month_tokens),
    day_usd: usd(draft.day_usd),
    month_usd: usd(draft.month_usd),
  };
}
