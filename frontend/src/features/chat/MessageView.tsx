import type { Schema } from "@/api/types";
import { AnswerView } from "./AnswerView";
import styles from "./ChatPanel.module.css";
import { storedAnswer } from "./storedAnswer";

/** A message of the thread's history. */
export function MessageView({ message }: { message: Schema<"MessageView"> }) {
  if (message.role === "user") return <p className={styles.question}>{message.text}</p>;
  return <AnswerView answer={storedAnswer(message)} />;
}
