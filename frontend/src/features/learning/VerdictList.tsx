import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { useVerdicts } from "./useVerdicts";
import { VerdictItem } from "./VerdictItem";
import styles from "./VerdictList.module.css";
import { LEARNING } from "./words";

/** The gate's verdicts; the rejected ones stay. */
export function VerdictList({ line }: { line?: string | undefined }) {
  const query = useVerdicts(line);
  const say = useWords(LEARNING);
  return (
    <Panel
      title={say("verdicts")}
      flush
      className={styles.panel}
      testId="verdicts"
      status={<Freshness source={query.data?.items[0]?.at} readAt={query.dataUpdatedAt} />}
    >
      <QueryGate query={query} what={say("verdicts")}>
        {({ items }) =>
          items.length === 0 ? (
            <Note>{say("noVerdicts")}</Note>
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
