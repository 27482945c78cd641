import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { ZoneChoice } from "./zones";

export type Language = "en" | "de";
export type ThemeChoice = "system" | "light" | "dark";

export type Preferences = {
  zone: ZoneChoice;
  /** `system` follows what the machine is set to. */
  theme: ThemeChoice;
  /** Null follows the browser. */
  language: Language | null;
  /** Whether the first-run tour was seen or put aside. */
  toured: boolean;
  /** Whether chat stands beside the page; null: where there is room for it. */
  chat: boolean | null;
  /** Whether single keys do something. */
  keys: boolean;
  /** The desk's panels that are put away. */
  hidden: readonly string[];
  /** The desk's panels in the order they were put into; those not named follow. */
  order: readonly string[];
};

export const DEFAULTS: Preferences = {
  zone: "exchange",
  theme: "system",
  language: null,
  toured: false,
  chat: null,
  keys: true,
  hidden: [],
  order: [],
};

/** What a person set for this browser. Changed by `setState`. */
export const usePreferences = create<Preferences>()(
  persist(() => DEFAULTS, { name: "shiftdesk-preferences" }),
);
