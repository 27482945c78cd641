import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import { useMarketNow } from "@/live/useMarketNow";
import { calendarDays } from "./calendarDays";
import { Fortnight } from "./Fortnight";
import { FortnightTable } from "./FortnightTable";
import { lanesOf } from "./lanesOf";
import { FORTNIGHT_DAYS, useFortnight } from "./useFortnight";
import { SCHEDULE } from "./words";

/** Two weeks of all markets: lanes, and the same as a table. */
export function FortnightPanel() {
  const query = useFortnight();
  const zone = useZone();
  const { now } = useMarketNow();
  const say = useWords(SCHEDULE);
  return (
    <Panel
      title={say("fortnight")}
      status={<Freshness readAt={query.dataUpdatedAt} />}
      testId="fortnight-panel"
    >
      <QueryGate query={query} what={say("thePlan")}>
        {({ plans, marks }) => {
          const shown = {
            lanes: lanesOf(plans),
            marks,
            days: calendarDays(now, FORTNIGHT_DAYS, zone),
          };
          return (
            <>
              <Fortnight {...shown} now={now} />
              <details>
                <summary>{say("asTable")}</summary>
                <FortnightTable {...shown} />
              </details>
            </>
          );
        }}
      </QueryGate>
    </Panel>
  );
}
