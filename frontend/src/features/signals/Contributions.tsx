import type { Schema } from "@/api/types";
import { formatScore } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { addsUp } from "./addsUp";
import styles from "./Contributions.module.css";
import { SIGNAL_PAGE } from "./pageWords";
import { topContributions } from "./topContributions";

/** Below this a share shows as 0.0000. */
const NOTHING = 5e-5;

/** Base, each feature's share, and the score they add up to, as a table with bars. */
export function Contributions({ explanation }: { explanation: Schema<"Explanation"> }) {
  const say = useWords(SIGNAL_PAGE);
  const { base, contributions, score } = explanation;
  const shares = topContributions(contributions, 50, NOTHING);
  const silent = Object.keys(contributions).length - shares.length;
  const largest = Math.max(Math.abs(base), ...shares.map(([, share]) => Math.abs(share)), 1e-9);
  const holds = addsUp(base, Object.values(contributions), score);
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{say("madeOf")}</caption>
      <tbody>
        {[[say("base"), base] as const, ...shares].map(([name, share]) => (
          <tr key={name}>
            <th scope="row">{name.replaceAll("_", " ")}</th>
            <td className={styles.bar} aria-hidden="true">
              <span
                className={share < 0 ? styles.down : styles.up}
                style={{ width: `${(Math.abs(share) / largest) * 50}%` }}
              />
            </td>
            <td className={styles.number}>{formatScore(share, 4)}</td>
          </tr>
        ))}
        {silent > 0 ? (
          <tr className={styles.silent}>
            <th scope="row" colSpan={2}>
              {say("others", { count: silent })}
            </th>
            <td className={styles.number}>0.0000</td>
          </tr>
        ) : null}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{say("total")}</th>
          <td className={styles.holds}>{say(holds ? "holds" : "wrong")}</td>
          <td className={styles.number}>{formatScore(score, 4)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
