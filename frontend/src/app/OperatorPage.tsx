import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { VerdictList } from "@/features/learning/VerdictList";
import { PodsPanel } from "@/features/pods/PodsPanel";
import { usePods } from "@/features/pods/usePods";
import { lanesOf } from "@/features/schedule/lanesOf";
import { nextAfter } from "@/features/schedule/nextAfter";
import { OverrideList } from "@/features/schedule/OverrideList";
import { OverridePanel } from "@/features/schedule/OverridePanel";
import { PlanPanel } from "@/features/schedule/PlanPanel";
import { scheduleQuery } from "@/features/schedule/scheduleQuery";
import { useMarketNow } from "@/live/useMarketNow";
import styles from "./OperatorPage.module.css";
import { scopesOf } from "./scopes";

/** For those who oversee the platform: who holds each pod and why, seats, verdicts; and overrides. */
export function OperatorPage() {
  const schedule = useQuery(scheduleQuery);
  const pods = usePods();
  const operates = useSession((state) => state.user?.role === "operator");
  const { now } = useMarketNow();
  const lanes = lanesOf(schedule.data?.plans ?? []);
  const until = (pod: string, pool: string): string | null => {
    const lane =
      lanes.find((each) => each.name === pod) ?? lanes.find((each) => each.pool === pool);
    return nextAfter(lane?.segments ?? [], now)?.starts ?? null;
  };
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">Operator</h1>
      <PlanPanel />
      <div className={styles.columns}>
        <PodsPanel until={until} />
        <div className={styles.side}>
          {operates ? (
            <>
              <OverridePanel
                scopes={scopesOf(schedule.data?.plans ?? [], pods.data?.items ?? [])}
              />
              <OverrideList />
            </>
          ) : null}
          <VerdictList />
        </div>
      </div>
    </div>
  );
}
