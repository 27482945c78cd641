import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { ConditionsPanel } from "@/features/conditions/ConditionsPanel";
import { VerdictList } from "@/features/learning/VerdictList";
import { PodsPanel } from "@/features/pods/PodsPanel";
import { usePods } from "@/features/pods/usePods";
import { OverrideList } from "@/features/schedule/OverrideList";
import { OverridePanel } from "@/features/schedule/OverridePanel";
import { PlanPanel } from "@/features/schedule/PlanPanel";
import { scheduleQuery } from "@/features/schedule/scheduleQuery";
import { useWords } from "@/lib/useWords";
import styles from "./OperatorPage.module.css";
import { scopesOf } from "./scopes";
import { usePodsUntil } from "./usePodsUntil";
import { WORDS } from "./words";

/** For those who oversee the platform: who holds each pod and why, seats, verdicts; and overrides. */
export function OperatorPage() {
  const schedule = useQuery(scheduleQuery);
  const pods = usePods();
  const role = useSession((state) => state.user?.role);
  const until = usePodsUntil();
  const say = useWords(WORDS);
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{say("operator")}</h1>
      <PlanPanel />
      <div className={styles.columns}>
        <PodsPanel until={until} />
        <div className={styles.side}>
          {role === "operator" ? (
            <>
              <OverridePanel
                scopes={scopesOf(schedule.data?.plans ?? [], pods.data?.items ?? [])}
              />
              <OverrideList />
            </>
          ) : null}
          <ConditionsPanel mayEnd={role === "risk" || role === "operator"} />
          <VerdictList />
        </div>
      </div>
    </div>
  );
}
