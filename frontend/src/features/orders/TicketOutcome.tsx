import type { Schema } from "@/api/types";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { useWords } from "@/lib/useWords";
import { denialOf } from "./denial";
import { stateWord } from "./orderState";
import { RISK } from "./riskWords";
import styles from "./TicketOutcome.module.css";
import { ORDER_TABLES } from "./tableWords";
import { unanswered } from "./unanswered";

type Props = { order: Schema<"OrderView"> | undefined; error: unknown };

/** What became of the order that was just submitted: its state, why it was denied, or what failed. */
export function TicketOutcome({ order, error }: Props) {
  const say = useWords(ORDER_TABLES);
  const risk = useWords(RISK);
  const denial = denialOf(error);
  const state = stateWord(order?.state ?? "");
  if (error && !denial) {
    return <ErrorNote error={error} what={risk(unanswered(error) ? "notKnown" : "notMade")} />;
  }
  if (!denial && !order) return null;
  return (
    <div
      role="status"
      className={styles.outcome}
      data-denied={denial !== null}
      data-testid="order-outcome"
    >
      {denial ? (
        <>
          <p>
            <strong>{risk("denied")}</strong> {risk(denial.word)}
          </p>
          <p className={styles.detail}>{denial.detail}</p>
        </>
      ) : (
        <p>{say("made", { state: state ? say(state) : (order?.state ?? "") })}</p>
      )}
    </div>
  );
}
