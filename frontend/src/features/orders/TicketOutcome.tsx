import type { Schema } from "@/api/types";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { denialOf } from "./denial";
import styles from "./TicketOutcome.module.css";

type Props = { order: Schema<"OrderView"> | undefined; error: unknown };

/** What became of the order that was just submitted. */
export function TicketOutcome({ order, error }: Props) {
  if (error) return <ErrorNote error={error} what="No order was made." />;
  if (!order) return null;
  const denial = denialOf(order);
  return (
    <p
      role="status"
      className={styles.outcome}
      data-denied={denial !== null}
      data-testid="order-outcome"
    >
      {denial === null ? `Order ${order.state.replace("_", " ")}.` : `Denied: ${denial}`}
    </p>
  );
}
