import type { Schema } from "@/api/types";
import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { QueryGate } from "@/components/ui/QueryGate";
import { symbolOf } from "@/lib/instrument";
import { type OnScreen, useOnScreen } from "@/lib/screen";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { ExplanationBody } from "./ExplanationBody";
import { LimitsPanel } from "./LimitsPanel";
import { OutcomePanel } from "./OutcomePanel";
import { SIGNAL_PAGE } from "./pageWords";
import { SignalMeta } from "./SignalMeta";
import styles from "./SignalView.module.css";
import { useSignal } from "./useSignal";

type Props = {
  id: string;
  /** The name of its desk, where that is another than one's own. */
  nameOf: (desk: string) => string | undefined;
};

/** One signal in full: why, what limits did to it, the order it led to, and the price since. */
export function SignalView({ id, nameOf }: Props) {
  const query = useSignal(id);
  useOnScreen(query.data ? onScreen(query.data) : null);
  const say = useWords(SIGNAL_PAGE);
  return (
    <QueryGate query={query} what={say("signal")}>
      {(signal) => (
        <div className={styles.page} data-testid="signal-page">
          <h1 className={styles.title}>
            {signal.weight_after >= signal.weight_before ? "▲" : "▼"} {symbolOf(signal.instrument)}
            {nameOf(signal.desk) ? <Pill tone="plain">{nameOf(signal.desk)}</Pill> : null}
            {signal.synthetic ? <Pill tone="warn">{say("synthetic")}</Pill> : null}
          </h1>
          <SignalMeta row={signal} />
          <div className={styles.columns}>
            <Panel title={say("reasons")} status={<Freshness source={signal.bar_end} />}>
              <ExplanationBody signal={signal.id} />
            </Panel>
            <div className={styles.side}>
              <LimitsPanel signal={signal} />
              <OutcomePanel signal={signal} />
            </div>
          </div>
        </div>
      )}
    </QueryGate>
  );
}

const onScreen = ({ id, instrument, bar_end }: Schema<"SignalView">): OnScreen => ({
  kind: "signal",
  record: id,
  instrument,
  at: bar_end,
});
