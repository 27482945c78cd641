import { useQuery } from "@tanstack/react-query";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Freshness } from "@/live/Freshness";
import { lanesOf } from "./lanesOf";
import { PlanNow } from "./PlanNow";
import { scheduleQuery } from "./scheduleQuery";
import { Timeline } from "./Timeline";

/** Who holds the pods now, and the plan of 24 hours. */
export function PlanPanel() {
  const query = useQuery(scheduleQuery);
  return (
    <Panel title="Plan of 24 hours" status={<Freshness source={query.data?.now} />}>
      <QueryGate query={query} what="The plan">
        {(schedule) => (
          <>
            <PlanNow plans={schedule.plans} />
            <Timeline lanes={lanesOf(schedule.plans)} marks={schedule.marks} />
          </>
        )}
      </QueryGate>
    </Panel>
  );
}
