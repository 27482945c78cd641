import { type WhichDesk, whichDesk } from "./whichDesk";

/** What of the list of signals stands in the address: the instrument, and whose desk. */
export type SignalsSearch = WhichDesk & { instrument?: string };

export function signalsSearch(search: Record<string, unknown>): SignalsSearch {
  const { instrument } = search;
  const its = typeof instrument === "string" && instrument ? { instrument } : {};
  return { ...its, ...whichDesk(search) };
}
