import { type Language, usePreferences } from "./preferences";

/** The languages that there are, each in its own words. */
export const LANGUAGES: Record<Language, string> = { en: "English", de: "Deutsch" };

/** Numbers and times as each language writes them; instants in English have the day first. */
export const LOCALES: Record<Language, { numbers: string; times: string }> = {
  en: { numbers: "en-US", times: "en-GB" },
  de: { numbers: "de-DE", times: "de-DE" },
};

/** The language that was chosen; else the browser's, where there is one for it. */
export function languageOf(chosen: Language | null, browser: string): Language {
  if (chosen) return chosen;
  return browser.toLowerCase().startsWith("de") ? "de" : "en";
}

export function currentLanguage(): Language {
  return languageOf(usePreferences.getState().language, globalThis.navigator?.language ?? "en");
}

export function useLanguage(): Language {
  const chosen = usePreferences((state) => state.language);
  return languageOf(chosen, navigator.language);
}

/** Keeps the document's `lang`, by which screen readers choose their voice. */
export function followLanguage(): void {
  const tell = (): void => {
    document.documentElement.lang = currentLanguage();
  };
  usePreferences.subscribe(tell);
  tell();
}
