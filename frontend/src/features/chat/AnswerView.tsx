import styles from "./AnswerView.module.css";
import type { Answer } from "./answer";
import { Citations } from "./Citations";
import { ToolSteps } from "./ToolSteps";

/** An answer with what it rests on: the tools that were asked, their facts, and what it cites. */
export function AnswerView({ answer }: { answer: Answer }) {
  const streaming = answer.status === "streaming";
  const step = answer.steps.at(-1);
  return (
    <div className={styles.answer} data-status={answer.status}>
      <ToolSteps tools={answer.tools} />
      <p className={styles.text} data-testid="chat-answer">
        {answer.text}
        {streaming ? <span className={styles.cursor} aria-hidden="true" /> : null}
      </p>
      {streaming && !answer.text ? (
        <p className={styles.meta}>{step ? `${step.replaceAll("_", " ")}…` : "thinking…"}</p>
      ) : null}
      <Citations citations={answer.citations} />
      {answer.status === "cancelled" ? <p className={styles.meta}>Stopped.</p> : null}
      {answer.status === "failed" ? (
        <p className={styles.error} role="alert">
          {answer.error || "The answer failed."}
        </p>
      ) : null}
    </div>
  );
}
