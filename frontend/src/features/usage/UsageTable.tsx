import type { Schema } from "@/api/types";
import { Table } from "@/components/ui/Table";
import { formatPrice } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import styles from "./UsagePanel.module.css";
import { WORDS } from "./words";

const HOUR = 3600;

type Cost = { cpu_seconds: number; memory_gib_seconds: number };

const cpu = (cost: Cost): string => formatPrice(cost.cpu_seconds, 1);
const memory = (cost: Cost): string => formatPrice(cost.memory_gib_seconds / HOUR, 2);

/** A row for each desk, its agents beside, and the sum of what is shown. */
export function UsageTable({ desks }: { desks: readonly Schema<"DeskUsageView">[] }) {
  const say = useWords(WORDS);
  const head = [say("desk"), say("cpu"), say("memory"), say("agents")];
  const sum = {
    cpu_seconds: desks.reduce((total, desk) => total + desk.cpu_seconds, 0),
    memory_gib_seconds: desks.reduce((total, desk) => total + desk.memory_gib_seconds, 0),
  };
  return (
    <Table label={say("title")} head={head} numeric={[1, 2]}>
      {desks.map((desk) => (
        <tr key={desk.desk} data-testid="usage-row">
          <td title={desk.desk}>{desk.name}</td>
          <td className="num">{cpu(desk)}</td>
          <td className="num">{memory(desk)}</td>
          <td className={styles.agents}>
            {desk.agents
              .map((each) =>
                say("agent", { agent: each.agent, cpu: cpu(each), memory: memory(each) }),
              )
              .join(" · ")}
          </td>
        </tr>
      ))}
      <tr className={styles.sum}>
        <th scope="row">{say("sum")}</th>
        <td className="num">{cpu(sum)}</td>
        <td className="num">{memory(sum)}</td>
        <td />
      </tr>
    </Table>
  );
}
