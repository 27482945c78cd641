import type { Language } from "./preferences";

/** What a part of the page says, in every language. `Words["en"]` has the keys. */
export type Words<Key extends string = string> = Record<Language, Record<Key, string>>;

/** Words in English, and the same keys in German: one that is missing does not compile. */
export function words<const English extends Record<string, string>>(
  en: English,
  de: Record<keyof English & string, string>,
): Words<keyof English & string> {
  return { en, de };
}
