import type { Schema } from "@/api/types";
import { Panel } from "@/components/ui/Panel";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import { CompetitorTable } from "./CompetitorTable";
import { IntervalTable } from "./IntervalTable";
import { intervalsOf } from "./intervalsOf";
import { LEARNING } from "./words";

/** Champion against challenger on bars that no candidate saw: the numbers, and how sure they are. */
export function OutOfSamplePanel({ verdict }: { verdict: Schema<"VerdictView"> }) {
  const say = useWords(LEARNING);
  const zone = useZone();
  return (
    <Panel
      title={say("outOfSample")}
      testId="out-of-sample"
      status={<Freshness source={verdict.at} />}
    >
      <p data-testid="verdict-says">{verdict.sentence}</p>
      <p>
        {say("window", {
          bars: verdict.bars,
          from: formatInstant(verdict.window_from, zone, "year"),
          to: formatInstant(verdict.window_to, zone, "year"),
          cost: verdict.cost_bps,
        })}
      </p>
      <IntervalTable intervals={intervalsOf(verdict, say("withChampion"))} />
      <CompetitorTable competitors={verdict.competitors} />
    </Panel>
  );
}
