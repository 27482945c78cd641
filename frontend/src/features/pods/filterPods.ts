import type { Schema } from "@/api/types";

type Beat = Pick<Schema<"HeartbeatView">, "phase" | "state">;
type Pod = { pool: string; draining: boolean; heartbeat: Beat | null };

export type PodFilter = { pool?: string; phase?: string; state?: string };

export function stateOf(pod: Pod): Beat["state"] | "silent" {
  return pod.draining ? "draining" : (pod.heartbeat?.state ?? "silent");
}

/** The pods that are as asked for; what is not asked for may be anything. */
export function filterPods<T extends Pod>(pods: readonly T[], filter: PodFilter): T[] {
  return pods.filter(
    (pod) =>
      (!filter.pool || pod.pool === filter.pool) &&
      (!filter.phase || pod.heartbeat?.phase === filter.phase) &&
      (!filter.state || stateOf(pod) === filter.state),
  );
}
