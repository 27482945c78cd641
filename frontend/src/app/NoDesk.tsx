import { useWords } from "@/lib/useWords";
import styles from "./Message.module.css";
import { WORDS } from "./words";

export function NoDesk() {
  const say = useWords(WORDS);
  return <p className={styles.message}>{say("no-desk")}</p>;
}
