import { create } from "zustand";

/** The exchange calendar of what is traded here; its zone is the one that times are shown in. */
export const useExchange = create<{ calendar: string }>()(() => ({ calendar: "XNYS" }));
