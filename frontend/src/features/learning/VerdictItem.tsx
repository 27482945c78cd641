import type { Schema } from "@/api/types";
import { Pill } from "@/components/ui/Pill";
import { formatScore, formatShare } from "@/lib/numbers";
import { StagePill } from "./StagePill";
import styles from "./VerdictItem.module.css";
import { verdictWords } from "./verdictWords";

/** One verdict: its sentence, and the numbers behind it on demand. */
export function VerdictItem({ verdict }: { verdict: Schema<"VerdictView"> }) {
  const low = formatScore(verdict.interval_low, 2);
  const high = formatScore(verdict.interval_high, 2);
  return (
    <li className={styles.item} data-testid="verdict-row">
      <p className={styles.head}>
        <Pill tone={verdict.verdict === "promoted" ? "up" : "learning"}>
          {verdictWords(verdict.verdict)}
        </Pill>
        <StagePill verdict={verdict} />
        <span>{verdict.policy_line}</span>
        <span className={styles.meta}>
          night {verdict.night} · {verdict.seeds} seeds · {verdict.trials} trials
          {verdict.synthetic ? " · synthetic" : ""}
        </span>
      </p>
      <p>{verdict.sentence}</p>
      <details>
        <summary>
          Sharpe difference {formatScore(verdict.sharpe_difference, 2)} [{low}, {high}]
        </summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Competitor</th>
              <th scope="col">Sharpe</th>
              <th scope="col">Return</th>
              <th scope="col">Deepest fall</th>
            </tr>
          </thead>
          <tbody>
            {verdict.competitors.map((each) => (
              <tr key={each.name}>
                <td>{each.name}</td>
                <td>{formatScore(each.sharpe, 2)}</td>
                <td>{formatShare(each.total_return, 2)}</td>
                <td>{formatShare(each.max_drawdown, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </li>
  );
}
