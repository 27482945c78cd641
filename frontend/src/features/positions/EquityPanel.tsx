import { lazyPart } from "@/components/lazyPart";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { EquityNumbers } from "./EquityNumbers";
import styles from "./EquityPanel.module.css";
import { useEquity } from "./useEquity";
import { POSITIONS } from "./words";

/** Drawn once its code is there: the numbers come first. */
const EquityCurve = lazyPart(async () => (await import("./EquityCurve")).EquityCurve);

/** `fees` are the desk's so far, read again after fills. Cash is that of the newest valuation. */
type Props = { fees: string; instruments: readonly string[] };

export function EquityPanel({ fees, instruments }: Props) {
  const { query, points } = useEquity();
  const say = useWords(POSITIONS);
  const start = Number(query.data?.starting_cash ?? 0);
  return (
    <Panel
      title={say("equity")}
      className={styles.panel}
      testId="equity-panel"
      status={<Freshness source={points.at(-1)?.at} />}
    >
      <QueryGate query={query} what={say("equity")}>
        {(answer) => (
          <div className={styles.body} title={say("benchmarkSays")}>
            <EquityNumbers
              points={points}
              startingCash={answer.starting_cash}
              currency={answer.currency}
              fees={fees}
            />
            <EquityCurve points={points} start={start} instruments={instruments} />
          </div>
        )}
      </QueryGate>
    </Panel>
  );
}
