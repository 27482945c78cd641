import { formatScore } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import styles from "./IntervalTable.module.css";
import { type Interval, sureness } from "./intervalsOf";
import { LEARNING } from "./words";

/** Differences with their intervals around zero, drawn in a table that says them as well. */
export function IntervalTable({ intervals }: { intervals: readonly Interval[] }) {
  const say = useWords(LEARNING);
  const most = Math.max(
    ...intervals.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
    1e-9,
  );
  const place = (value: number): number => 50 + (value / most) * 48;
  return (
    <table className={styles.table}>
      <caption>{say("interval")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("against")}</th>
          <th scope="col" className={styles.drawn}>
            <span className="visually-hidden">{say("interval")}</span>
          </th>
          <th scope="col">{say("value")}</th>
          <th scope="col">{say("result")}</th>
        </tr>
      </thead>
      <tbody>
        {intervals.map((each) => (
          <tr key={each.name} data-testid="interval-row">
            <th scope="row">{each.name}</th>
            <td className={styles.drawn} aria-hidden="true">
              <span className={styles.zero} />
              <span
                className={styles.bar}
                data-sure={sureness(each)}
                style={{
                  left: `${place(each.low)}%`,
                  width: `${place(each.high) - place(each.low)}%`,
                }}
              />
              <span className={styles.point} style={{ left: `${place(each.value)}%` }} />
            </td>
            <td className={styles.number}>
              {formatScore(each.value, 2)} [{formatScore(each.low, 2)}, {formatScore(each.high, 2)}]
            </td>
            <td>{say(sureness(each))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
