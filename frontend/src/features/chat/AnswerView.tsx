import { useWords } from "@/lib/useWords";
import styles from "./AnswerView.module.css";
import type { Answer } from "./answer";
import { Citations } from "./Citations";
import { IntentCard } from "./IntentCard";
import { ToolSteps } from "./ToolSteps";
import { CHAT } from "./words";

/** An answer with what it rests on: the tools that were asked, their facts, and what it cites. */
export function AnswerView({ answer }: { answer: Answer }) {
  const streaming = answer.status === "streaming";
  const say = useWords(CHAT);
  const step = answer.steps.at(-1);
  return (
    <div className={styles.answer} data-status={answer.status}>
      <ToolSteps tools={answer.tools} />
      <p className={styles.text} data-testid="chat-answer">
        {answer.text}
        {streaming ? <span className={styles.cursor} aria-hidden="true" /> : null}
      </p>
      {streaming && !answer.text ? (
        <p className={styles.meta}>{step ? `${step.replaceAll("_", " ")}…` : say("thinking")}</p>
      ) : null}
      {answer.notice ? (
        <p className={styles.meta} role="note">
          {answer.notice}
        </p>
      ) : null}
      {answer.intents.map((intent) => (
        <IntentCard key={intent} id={intent} />
      ))}
      <Citations citations={answer.citations} />
      {answer.status === "cancelled" ? <p className={styles.meta}>{say("stopped")}</p> : null}
      {answer.status === "failed" ? (
        <p className={styles.error} role="alert">
          {answer.error || say("failed")}
        </p>
      ) : null}
    </div>
  );
}
