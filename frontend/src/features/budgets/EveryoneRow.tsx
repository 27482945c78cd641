import { Button } from "@/components/ui/Button";
import { formatPrice, formatQuantity } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import styles from "./Budgets.module.css";
import type { Limits } from "./useBudgets";
import { WORDS } from "./words";

/** `limits` are null while they are not known. */
type Props = { limits: Limits | null; onSet: (() => void) | null };

/** The limits of each user without own ones: nothing is counted of them together. */
export function EveryoneRow({ limits, onSet }: Props) {
  const say = useWords(WORDS);
  const said = (tokens: number | null | undefined, usd: string | number | null | undefined) =>
    [
      ...(tokens == null ? [] : [say("most-tokens", { most: formatQuantity(tokens) })]),
      ...(usd == null ? [] : [say("most-usd", { most: formatPrice(usd, 4) })]),
    ].join(", ") || say("no-limit");
  return (
    <tr data-testid="budget-row">
      <td>
        {say("everyone")}
        <span className={styles.note}>{say("everyone-says")}</span>
      </td>
      <td>{limits ? said(limits.day_tokens, limits.day_usd) : "—"}</td>
      <td>{limits ? said(limits.month_tokens, limits.month_usd) : "—"}</td>
      {onSet ? (
        <td>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={say("set-of", { name: say("everyone") })}
            onClick={onSet}
          >
            {say("set")}
          </Button>
        </td>
      ) : null}
    </tr>
  );
}
