import type { Schema } from "@/api/types";
import { formatBytes } from "@/lib/numbers";
import { useNow } from "@/lib/useNow";
import { useWords } from "@/lib/useWords";
import { useLive } from "@/live/store";
import styles from "./AgentRow.module.css";
import { agentWord } from "./agentWord";
import { PODS } from "./words";

/** An agent's state, and what it holds: a dormant one nothing, but for what a chatbot is woken from. */
export function AgentRow({ agent }: { agent: Schema<"AgentView"> }) {
  const now = useNow();
  const say = useWords(PODS);
  const skew = useLive((state) => state.skew) ?? 0;
  const held = agent.pss_bytes || agent.rss_bytes;
  const word = agentWord(agent, now - skew * 1000);
  return (
    <li className={styles.agent} data-state={word} title={agent.detail}>
      <span className={styles.name}>{say(agent.name)}</span>
      <span className={styles.state}>{say(word)}</span>
      <span className={styles.memory}>{held ? formatBytes(held) : say("noProcess")}</span>
    </li>
  );
}
