import type { Schema } from "./types";
import { useInstruments } from "./useInstruments";

/** One instrument that the feed serves; undefined while it is not known. */
export function useInstrument(id: string): Schema<"InstrumentView"> | undefined {
  return useInstruments().find((each) => each.id === id);
}
