import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { lanesOf } from "./lanesOf";
import { PlanNow } from "./PlanNow";
import { scheduleQuery } from "./scheduleQuery";
import { Timeline } from "./Timeline";
import { SCHEDULE } from "./words";

/** Who holds the pods now, and the plan of 24 hours. */
export function PlanPanel({ actions }: { actions?: ReactNode }) {
  const say = useWords(SCHEDULE);
  const query = useQuery(scheduleQuery);
  return (
    <Panel
      title={say("plan")}
      actions={actions}
      status={<Freshness source={query.data?.now} readAt={query.dataUpdatedAt} />}
    >
      <QueryGate query={query} what={say("thePlan")}>
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
