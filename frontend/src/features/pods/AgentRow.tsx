import type { Schema } from "@/api/types";
import { formatBytes } from "@/lib/numbers";
import { useNow } from "@/lib/useNow";
import { useLive } from "@/live/store";
import styles from "./AgentRow.module.css";
import { agentWord } from "./agentWord";

/** An agent's state, and what its process holds; a dormant one has none. */
export function AgentRow({ agent }: { agent: Schema<"AgentView"> }) {
  const now = useNow();
  const skew = useLive((state) => state.skew) ?? 0;
  const word = agentWord(agent, now - skew * 1000);
  return (
    <li className={styles.agent} data-state={word} title={agent.detail}>
      <span className={styles.name}>{agent.name}</span>
      <span className={styles.state}>{word}</span>
      <span className={styles.memory}>
        {agent.pid ? formatBytes(agent.rss_bytes) : "no process"}
      </span>
    </li>
  );
}
