import type { LiveDecision } from "@/live/wire";
import { keyOf, rowsOf, type SignalRow } from "./signalRow";

/** Stored signals, and the live ones that are not stored yet, newest first. */
export function joinSignals(
  stored: readonly SignalRow[],
  decisions: readonly LiveDecision[],
): SignalRow[] {
  const known = new Set(stored.map(keyOf));
  const fresh = decisions.flatMap(rowsOf).filter((row) => !known.has(keyOf(row)));
  return [...fresh, ...stored].sort(
    (left, right) => Date.parse(right.bar_end) - Date.parse(left.bar_end),
  );
}
