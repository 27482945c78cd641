import type { Schema } from "@/api/types";

type Stage = Schema<"StageView">;

const FINAL = new Set(["candidate", "rejected"]);

/** Where the challenger of a verdict stands: `in shadow 2 of 5`. Null where the verdict says it. */
export function stageWords(stage: Stage | null, verdict: string): string | null {
  if (stage === null || (verdict !== "promoted" && FINAL.has(stage.state))) return null;
  if (stage.state === "shadow") return `in shadow ${stage.sessions} of ${stage.of_sessions}`;
  return stage.state.replaceAll("_", " ");
}
