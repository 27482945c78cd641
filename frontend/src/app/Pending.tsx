import { useWords } from "@/lib/useWords";
import styles from "./Message.module.css";
import { WORDS } from "./words";

export function Pending() {
  const say = useWords(WORDS);
  return (
    <p className={styles.message} role="status">
      {say("pending")}
    </p>
  );
}
