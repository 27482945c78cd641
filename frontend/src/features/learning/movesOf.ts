import type { Move } from "./usePolicyMove";

type Known = { id: string; stage: { state: string }; predecessor: string | null };

/** What a person may do with a policy: by its state, as the server's table of states has it. */
export function movesOf(policy: Known, champion: string): Move[] {
  if (policy.stage.state === "awaiting_approval") return ["approve", "reject"];
  if (policy.stage.state === "shadow") return ["reject"];
  return policy.id === champion && policy.predecessor ? ["rollback"] : [];
}
