import type { Schema } from "@/api/types";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { denialOf } from "./denial";
import styles from "./TicketOutcome.module.css";

type Props = { order: Schema<"OrderView"> | undefined; error: unknown };

/** What became of the order that was just submitted: its state, why it was denied, or what failed. */
export function TicketOutcome({ order, error }: Props) {
  const denial = denialOf(error);
  if (error && !denial) return <ErrorNote error={error} what="No order was made." />;
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
            <strong>Denied.</strong> {denial.says}
          </p>
          <p className={styles.detail}>{denial.detail}</p>
        </>
      ) : (
        <p>Order {order?.state.replace("_", " ")}.</p>
      )}
    </div>
  );
}
