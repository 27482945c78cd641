import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { filterPods, type PodFilter } from "./filterPods";
import { PodCard } from "./PodCard";
import { PodFilters } from "./PodFilters";
import styles from "./PodsPanel.module.css";
import { ScalingNote } from "./ScalingNote";
import { usePods } from "./usePods";
import { PODS } from "./words";

type Props = {
  /** Until when a pod's phase holds, by the plan. */
  until: (pod: string, pool: string) => string | null;
  filter?: PodFilter;
  /** Without it, all pods are shown. */
  onFilter?: (filter: PodFilter) => void;
};

const ALL: PodFilter = {};

export function PodsPanel({ until, filter = ALL, onFilter }: Props) {
  const query = usePods();
  const say = useWords(PODS);
  return (
    <Panel title={say("pods")} status={<Freshness readAt={query.dataUpdatedAt} />}>
      <QueryGate query={query} what={say("pods")}>
        {({ items, scaling }) => {
          const shown = filterPods(items, filter);
          const nothing = items.length === 0 ? say("none") : say("noneMatch");
          return (
            <>
              {scaling.map((each) => (
                <ScalingNote key={each.pool} scaling={each} />
              ))}
              {onFilter ? (
                <PodFilters
                  pools={scaling.map((each) => each.pool)}
                  filter={filter}
                  onFilter={onFilter}
                />
              ) : null}
              {shown.length === 0 ? <Note>{nothing}</Note> : null}
              <ul className={styles.pods}>
                {shown.map((pod) => (
                  <PodCard key={pod.pod} pod={pod} until={until(pod.pod, pod.pool)} />
                ))}
              </ul>
            </>
          );
        }}
      </QueryGate>
    </Panel>
  );
}
