import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { useWords } from "@/lib/useWords";
import styles from "./Budgets.module.css";
import { SpendingView } from "./SpendingView";
import { WORDS } from "./words";

type Spending = Schema<"Spending">;

type Props = {
  name: string;
  note: string;
  day: Spending | undefined;
  month: Spending | undefined;
  onSet: (() => void) | null;
};

/** Whom limits bind, what is spent of a day's and of a month's, and a way to set them. */
export function BudgetRow({ name, note, day, month, onSet }: Props) {
  const say = useWords(WORDS);
  return (
    <tr data-testid="budget-row">
      <td>
        {name}
        <span className={styles.note}>{note}</span>
      </td>
      {[day, month].map((its, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
        <td key={column} className={styles.spent}>
          {its ? <SpendingView its={its} /> : "—"}
        </td>
      ))}
      {onSet ? (
        <td>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={say("set-of", { name })}
            onClick={onSet}
          >
            {say("set")}
          </Button>
        </td>
      ) : null}
    </tr>
  );
}
