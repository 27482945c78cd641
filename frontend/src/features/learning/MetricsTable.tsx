import type { Schema } from "@/api/types";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { metricValue } from "./metricValue";
import { useMetricName } from "./metricWords";
import styles from "./VerdictSheet.module.css";
import { LEARNING } from "./words";

type Props = { label: string; metrics: readonly Schema<"MetricView">[] };

/** Numbers of a verdict, each with its unit and with how it is taken. */
export function MetricsTable({ label, metrics }: Props) {
  const say = useWords(LEARNING);
  const named = useMetricName();
  return (
    <Table label={label} head={[say("name"), say("value"), say("unit"), say("how")]} numeric={[1]}>
      {metrics.map(({ name, value, unit, how }) => (
        <tr key={name} data-testid="metric-row">
          <td>{named(name)}</td>
          <td className="num">{metricValue(value, unit)}</td>
          <td>{named(unit)}</td>
          <td className={styles.how}>{how}</td>
        </tr>
      ))}
    </Table>
  );
}
