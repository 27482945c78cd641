import type { Schema } from "@/api/types";
import type { LiveDecision } from "@/live/wire";

/** A signal as the list shows it. `id` and `outcome` are known once the server has stored it. */
export type SignalRow = Omit<
  Schema<"SignalView">,
  "id" | "desk" | "pod" | "interval" | "outcome"
> & { id: string | null; outcome: string | null };

export function rowsOf(decision: LiveDecision): SignalRow[] {
  const { bar_end, policy_version, synthetic } = decision;
  return decision.signals.map((signal) => ({
    ...signal,
    contributions: signal.contributions ?? {},
    id: null,
    outcome: null,
    bar_end,
    policy_version,
    synthetic,
  }));
}

export function keyOf(row: SignalRow): string {
  return `${row.instrument} ${Date.parse(row.bar_end)}`;
}
