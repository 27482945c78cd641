import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { usePods } from "@/features/pods/usePods";
import { FortnightPanel } from "@/features/schedule/FortnightPanel";
import { OverrideButton } from "@/features/schedule/OverrideButton";
import { OverrideList } from "@/features/schedule/OverrideList";
import { PlanPanel } from "@/features/schedule/PlanPanel";
import { scheduleQuery } from "@/features/schedule/scheduleQuery";
import { useWords } from "@/lib/useWords";
import styles from "./OperatorPage.module.css";
import { scopesOf } from "./scopes";
import { WORDS } from "./words";

/** Who holds the pods, for two weeks; operators override it here. */
export function SchedulePage() {
  const say = useWords(WORDS);
  const operates = useSession((state) => state.user?.role === "operator");
  const plans = useQuery(scheduleQuery).data?.plans ?? [];
  const pods = usePods(operates).data?.items ?? [];
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{say("schedule")}</h1>
      <PlanPanel actions={operates ? <OverrideButton scopes={scopesOf(plans, pods)} /> : null} />
      <FortnightPanel />
      {operates ? <OverrideList /> : null}
    </div>
  );
}
