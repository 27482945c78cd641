import type { Schema } from "@/api/types";

export type AgentWord = Schema<"AgentView">["state"] | "warm";

const STARTS_WITHIN_MS = 15_000;

/**
 * The word for an agent's state. A standby process stays `starting` until its turn comes; once it
 * says that it is ready, or has had the time to be, it reads `warm`. `now` is wall time in ms.
 */
export function agentWord(agent: Schema<"AgentView">, now: number): AgentWord {
  if (agent.state !== "starting") return agent.state;
  const says =
    /\b(ready|warm)\b/i.test(agent.detail) && !/\bnot (ready|warm)\b/i.test(agent.detail);
  const since = agent.since ? now - Date.parse(agent.since) : 0;
  return says || since > STARTS_WITHIN_MS ? "warm" : "starting";
}
