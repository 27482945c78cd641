import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Freshness } from "@/live/Freshness";
import { useVerdicts } from "./useVerdicts";
import { VerdictItem } from "./VerdictItem";
import styles from "./VerdictList.module.css";

/** The gate's verdicts; the rejected ones stay. */
export function VerdictList() {
  const query = useVerdicts();
  return (
    <Panel
      title="Verdicts"
      flush
      className={styles.panel}
      status={<Freshness source={query.data?.items[0]?.at} />}
    >
      <QueryGate query={query} what="Verdicts">
        {({ items }) =>
          items.length === 0 ? (
            <Note>None yet. The first comes after the first night.</Note>
          ) : (
            <ul>
              {items.map((verdict) => (
                <VerdictItem key={verdict.id} verdict={verdict} />
              ))}
            </ul>
          )
        }
      </QueryGate>
    </Panel>
  );
}
