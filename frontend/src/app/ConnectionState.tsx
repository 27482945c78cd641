import { useWords } from "@/lib/useWords";
import { useConnection } from "@/live/useConnection";
import { WORDS } from "@/live/words";
import styles from "./ConnectionState.module.css";

export function ConnectionState() {
  const connection = useConnection();
  const say = useWords(WORDS);
  return (
    <span
      role="status"
      className={styles.state}
      data-state={connection}
      data-testid="connection-state"
      title={say(`${connection}-says`)}
    >
      {say(connection)}
    </span>
  );
}
