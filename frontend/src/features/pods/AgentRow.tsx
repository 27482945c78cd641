import type { Schema } from "@/api/types";
import { formatBytes } from "@/lib/numbers";
import styles from "./AgentRow.module.css";

/** An agent's state, and what its process holds; a dormant one has none. */
export function AgentRow({ agent }: { agent: Schema<"AgentView"> }) {
  return (
    <li className={styles.agent} data-state={agent.state} title={agent.detail}>
      <span className={styles.name}>{agent.name}</span>
      <span className={styles.state}>{agent.state}</span>
      <span className={styles.memory}>
        {agent.pid ? formatBytes(agent.rss_bytes) : "no process"}
      </span>
    </li>
  );
}
