import type { LiveDecision } from "@/live/wire";
import { rowsOf, type SignalRow } from "./signalRow";

/** Stored signals, and the live ones that are not stored yet, newest first. */
export function joinSignals(
  stored: readonly SignalRow[],
  decisions: readonly LiveDecision[],
): SignalRow[] {
  const known = new Set(stored.map((row) => row.id));
  const fresh = decisions.flatMap(rowsOf).filter((row) => !known.has(row.id));
  return [...fresh, ...stored].sort(
    (left, right) => Date.parse(right.bar_end) - Date.parse(left.bar_end),
  );
}
