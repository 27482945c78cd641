import type { Schema } from "@/api/types";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { OutcomeBody } from "./OutcomeBody";
import { outcomeOf } from "./outcomeOf";
import { SIGNAL_PAGE } from "./pageWords";
import { useBarsSince } from "./useBarsSince";

/** What the price has done since the signal. */
export function OutcomePanel({ signal }: { signal: Schema<"SignalView"> }) {
  const query = useBarsSince(signal);
  const say = useWords(SIGNAL_PAGE);
  return (
    <Panel
      title={say("outcome")}
      status={<Freshness source={query.data?.bars.at(-1)?.end} readAt={query.dataUpdatedAt} />}
      testId="signal-outcome"
    >
      <QueryGate query={query} what={say("bars")}>
        {({ bars, bars_per_point }) => {
          const outcome = outcomeOf(signal, bars);
          if (!outcome) return <Note>{say("noBars")}</Note>;
          return (
            <OutcomeBody signal={signal} outcome={outcome} bars={bars} merged={bars_per_point} />
          );
        }}
      </QueryGate>
    </Panel>
  );
}
