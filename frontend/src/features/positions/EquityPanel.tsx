import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Freshness } from "@/live/Freshness";
import { EquityCurve } from "./EquityCurve";
import { EquityNumbers } from "./EquityNumbers";
import styles from "./EquityPanel.module.css";
import { useEquity } from "./useEquity";

export function EquityPanel() {
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
            />
            <EquityCurve points={points} start={Number(answer.starting_cash)} />
          </div>
        )}
      </QueryGate>
    </Panel>
  );
}
