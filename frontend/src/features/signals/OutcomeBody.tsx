import type { Schema } from "@/api/types";
import { usePrices } from "@/api/usePrices";
import { LineChart } from "@/components/ui/LineChart";
import { Signed } from "@/components/ui/Signed";
import { Table } from "@/components/ui/Table";
import { symbolOf } from "@/lib/instrument";
import { formatSignedShare } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import type { Outcome } from "./outcomeOf";
import { SIGNAL_PAGE } from "./pageWords";
import styles from "./SignalView.module.css";

const TABLED = 50;

type Props = {
  signal: Schema<"SignalView">;
  outcome: Outcome;
  bars: readonly Schema<"BarView">[];
  /** Bars of the interval in each of them. */
  merged: number;
};

export function OutcomeBody({ signal, outcome, bars, merged }: Props) {
  const say = useWords(SIGNAL_PAGE);
  const zone = useZone();
  const price = usePrices();
  const { instrument } = signal;
  const verdict = outcome.right === null ? "neither" : outcome.right ? "asWanted" : "against";
  const shares = { best: outcome.best, worst: outcome.worst, worth: outcome.worth };
  const points = bars.map((bar) => ({ x: Date.parse(bar.end), y: bar.close }));
  return (
    <>
      <p data-testid="signal-moved">
        {say("moved", {
          instrument: symbolOf(instrument),
          move: formatSignedShare(outcome.move, 2),
          count: outcome.bars * merged,
          verdict: say(verdict),
        })}
      </p>
      <dl className={styles.facts}>
        {(["best", "worst", "worth"] as const).map((name) => (
          <div key={name} style={{ display: "contents" }}>
            <dt title={name === "worth" ? say("worthHelp") : undefined}>{say(name)}</dt>
            <dd>
              <Signed value={shares[name]}>{formatSignedShare(shares[name], 2)}</Signed>
            </dd>
          </div>
        ))}
      </dl>
      <LineChart
        label={say("line")}
        lines={[{ name: symbolOf(instrument), points, look: "main" }]}
        reference={signal.price}
        formatX={(x) => formatInstant(x, zone, "weekday")}
        formatY={(y) => price(instrument, y)}
        empty={say("noBars")}
        twinLabel={say("table")}
        twin={
          <Table label={say("line")} head={[say("time"), say("close")]} numeric={[1]}>
            {bars.slice(-TABLED).map((bar) => (
              <tr key={bar.end}>
                <td>{formatInstant(bar.end, zone, "weekday")}</td>
                <td className="num">{price(instrument, bar.close)}</td>
              </tr>
            ))}
          </Table>
        }
      />
    </>
  );
}
