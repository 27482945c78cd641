import { memo } from "react";
import type { Schema } from "@/api/types";
import { AnswerView } from "./AnswerView";
import styles from "./ChatPanel.module.css";
import { storedAnswer } from "./storedAnswer";
import { Thumbs } from "./Thumbs";

/** A message of the thread's history: drawn once, however many words of the next answer come. */
export const MessageView = memo(function MessageView({ message }: Props) {
  return (
    <div className={styles.message} data-testid="message">
      {message.role === "user" ? (
        <p className={styles.question}>{message.text}</p>
      ) : (
        <>
          <AnswerView answer={storedAnswer(message)} />
          <Thumbs message={message} />
        </>
      )}
    </div>
  );
});

type Props = { message: Schema<"MessageView"> };
