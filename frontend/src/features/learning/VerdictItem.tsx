import { Link } from "@tanstack/react-router";
import type { Schema } from "@/api/types";
import { Pill } from "@/components/ui/Pill";
import { formatScore } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { CompetitorTable } from "./CompetitorTable";
import { StagePill } from "./StagePill";
import styles from "./VerdictItem.module.css";
import { verdictWord } from "./verdictWord";
import { VERDICT } from "./verdictWords";
import { LEARNING } from "./words";

/** One verdict: its sentence, and the numbers behind it on demand. */
export function VerdictItem({ verdict }: { verdict: Schema<"VerdictView"> }) {
  const say = useWords(LEARNING);
  const its = useWords(VERDICT);
  const { night, seeds, trials } = verdict;
  return (
    <li className={styles.item} data-testid="verdict-row">
      <p className={styles.head}>
        <Pill tone={verdict.verdict === "promoted" ? "up" : "learning"}>
          {its(verdictWord(verdict.verdict))}
        </Pill>
        <StagePill verdict={verdict} />
        <span>{verdict.policy_line}</span>
        <span className={styles.meta}>
          {say("meta", { night, seeds, trials })}
          {verdict.synthetic ? ` · ${its("synthetic")}` : ""}
        </span>
      </p>
      <p>{verdict.sentence}</p>
      <details>
        <summary>
          {say("difference", {
            value: formatScore(verdict.sharpe_difference, 2),
            low: formatScore(verdict.interval_low, 2),
            high: formatScore(verdict.interval_high, 2),
          })}
        </summary>
        <CompetitorTable competitors={verdict.competitors} />
        <Link to="/learning/verdicts/$id" params={{ id: verdict.id }} data-testid="verdict-link">
          {say("sheet")}
        </Link>
      </details>
    </li>
  );
}
