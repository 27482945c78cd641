import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { formatSpan } from "@/lib/time";
import { useNow } from "@/lib/useNow";
import { PodCard } from "./PodCard";
import styles from "./PodsPanel.module.css";
import { ScalingNote } from "./ScalingNote";
import { usePods } from "./usePods";

/** `until` tells until when a pod's phase holds, by the plan. */
type Props = { until: (pod: string, pool: string) => string | null };

export function PodsPanel({ until }: Props) {
  const query = usePods();
  const now = useNow();
  const age = query.dataUpdatedAt
    ? `read ${formatSpan((now - query.dataUpdatedAt) / 1000)} ago`
    : "";
  return (
    <Panel title="Pods" status={<span className={styles.age}>{age}</span>}>
      <QueryGate query={query} what="Pods">
        {({ items, scaling }) => (
          <>
            {scaling.map((each) => (
              <ScalingNote key={each.pool} scaling={each} />
            ))}
            {items.length === 0 ? <Note>No pod runs.</Note> : null}
            <ul className={styles.pods}>
              {items.map((pod) => (
                <PodCard key={pod.pod} pod={pod} until={until(pod.pod, pod.pool)} />
              ))}
            </ul>
          </>
        )}
      </QueryGate>
    </Panel>
  );
}
