import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Freshness } from "@/live/Freshness";
import { EquityCurve } from "./EquityCurve";
import { EquityNumbers } from "./EquityNumbers";
import styles from "./EquityPanel.module.css";
import { useEquity } from "./useEquity";

/** `fees` are the desk's so far, read again after fills. Cash is that of the newest valuation. */
export function EquityPanel({ fees }: { fees: string }) {
  const { query, points } = useEquity();
  return (
    <Panel
      title="Equity"
      className={styles.panel}
      testId="equity-panel"
      status={<Freshness source={points.at(-1)?.at} />}
    >
      <QueryGate query={query} what="Equity">
        {(answer) => (
          <div className={styles.body}>
            <EquityNumbers
              points={points}
              startingCash={answer.starting_cash}
              currency={answer.currency}
              fees={fees}
            />
            <EquityCurve points={points} start={Number(answer.starting_cash)} />
          </div>
        )}
      </QueryGate>
    </Panel>
  );
}
