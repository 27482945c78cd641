import type { Connection } from "@/live/connection";
import { useConnection } from "@/live/useConnection";
import styles from "./ConnectionState.module.css";

const SAYS: Record<Connection, string> = {
  live: "Everything comes in as it happens.",
  connecting: "The live socket is being opened.",
  reconnecting: "The live socket was cut; what was missed is fetched when it is back.",
  stale: "Two heartbeats were missed: what you see may be old.",
  off: "The live socket is closed.",
};

export function ConnectionState() {
  const connection = useConnection();
  return (
    <span
      role="status"
      className={styles.state}
      data-state={connection}
      data-testid="connection-state"
      title={SAYS[connection]}
    >
      {connection}
    </span>
  );
}
