import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { ZoneChoice } from "./zones";

type Preferences = { zone: ZoneChoice; setZone: (zone: ZoneChoice) => void };

/** What a person set for this browser. */
export const usePreferences = create<Preferences>()(
  persist((set) => ({ zone: "exchange", setZone: (zone) => set({ zone }) }), {
    name: "shiftdesk-preferences",
  }),
);
