import type { Schema } from "@/api/types";
import type { Say } from "@/lib/useWords";
import type { VERDICT } from "./verdictWords";

type Stage = Pick<Schema<"StageView">, "state" | "sessions" | "of_sessions">;
type SayVerdict = Say<keyof (typeof VERDICT)["en"]>;

const FINAL = new Set(["candidate", "rejected"]);
const STATES = ["candidate", "rejected", "awaiting_approval", "replaced", "rolled_back"] as const;

/** Where a policy stands: `in shadow 2 of 5`, `awaiting approval`. */
export function stateWords(stage: Stage, say: SayVerdict): string {
  if (stage.state === "champion") return say("isChampion");
  if (stage.state === "shadow") {
    return say("inShadow", { sessions: stage.sessions, of: stage.of_sessions });
  }
  const known = STATES.find((state) => state === stage.state);
  return known ? say(known) : stage.state;
}

/** Where the challenger of a verdict stands. Null where the verdict says it. */
export function stageWords(stage: Stage | null, verdict: string, say: SayVerdict): string | null {
  if (stage === null || (verdict !== "promoted" && FINAL.has(stage.state))) return null;
  return stateWords(stage, say);
}
