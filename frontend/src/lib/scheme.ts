import { type ThemeChoice, usePreferences } from "./preferences";
import { useMedia } from "./useMedia";

export type Scheme = "light" | "dark";

const LIGHT = "(prefers-color-scheme: light)";

/** The scheme to show: what was chosen, or what the machine is set to. */
export function schemeOf(choice: ThemeChoice, machineIsLight: boolean): Scheme {
  if (choice !== "system") return choice;
  return machineIsLight ? "light" : "dark";
}

/** Keeps the document in the scheme; the style sheets follow `data-theme`. */
export function followScheme(): void {
  const show = (): void => {
    document.documentElement.dataset.theme = current();
  };
  usePreferences.subscribe(show);
  matchMedia(LIGHT).addEventListener("change", show);
  show();
}

export function useScheme(): Scheme {
  const choice = usePreferences((state) => state.theme);
  return schemeOf(choice, useMedia(LIGHT));
}

function current(): Scheme {
  return schemeOf(usePreferences.getState().theme, matchMedia(LIGHT).matches);
}
