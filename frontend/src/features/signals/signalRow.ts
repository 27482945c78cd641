import type { Schema } from "@/api/types";
import type { LiveDecision } from "@/live/wire";
import { signalId } from "./signalId";

/** A signal as the list shows it. `outcome` is known once the server has stored it. */
export type SignalRow = Omit<Schema<"SignalView">, "desk" | "pod" | "interval" | "outcome"> & {
  outcome: string | null;
};

export function rowsOf(decision: LiveDecision): SignalRow[] {
  const { desk, bar_end, policy_version, synthetic } = decision;
  return decision.signals.map((signal) => ({
    ...signal,
    contributions: signal.contributions ?? {},
    id: signalId(desk, bar_end, signal.instrument),
    outcome: null,
    bar_end,
    policy_version,
    synthetic,
  }));
}
