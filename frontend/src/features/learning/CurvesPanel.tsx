import { useState } from "react";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import styles from "./CurvesPanel.module.css";
import { CurvesView } from "./CurvesView";
import { useCurves } from "./useCurves";
import { LEARNING } from "./words";

const USUAL = "rollout/ep_rew_mean";

type Props = {
  line: string;
  night: string | undefined;
  metric: string | undefined;
  onSelect: (change: { night?: string; metric?: string }) => void;
};

/** How a night learned: each trial raw, and their mean smoothed; the control world beside it. */
export function CurvesPanel({ line, night, metric, onSelect }: Props) {
  const query = useCurves(line, night);
  const say = useWords(LEARNING);
  const [weight, setWeight] = useState(0.6);
  return (
    <Panel
      title={say("curves")}
      testId="curves-panel"
      status={<Freshness source={query.data?.as_of} readAt={query.dataUpdatedAt} />}
    >
      <QueryGate query={query} what={say("curves")}>
        {(told) => {
          const shown = metric && told.metrics.includes(metric) ? metric : fallback(told.metrics);
          if (!told.night || !shown) return <Note>{say("noCurves")}</Note>;
          return (
            <>
              <div className={styles.choices}>
                <NativeSelect
                  label={say("metric")}
                  data={told.metrics}
                  value={shown}
                  onChange={({ target }) => onSelect({ metric: target.value })}
                />
                <NativeSelect
                  label={say("night")}
                  data={[...new Set([told.night, ...told.nights])]}
                  value={told.night}
                  onChange={({ target }) => onSelect({ night: target.value })}
                />
                <label className={styles.weight}>
                  {say("smoothingOf", { share: weight.toFixed(2) })}
                  <input
                    type="range"
                    min="0"
                    max="0.95"
                    step="0.05"
                    value={weight}
                    onChange={({ target }) => setWeight(Number(target.value))}
                  />
                </label>
              </div>
              <CurvesView told={told} metric={shown} weight={weight} />
            </>
          );
        }}
      </QueryGate>
    </Panel>
  );
}

function fallback(metrics: readonly string[]): string | undefined {
  return metrics.includes(USUAL) ? USUAL : metrics[0];
}
