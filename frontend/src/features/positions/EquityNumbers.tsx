import type { Schema } from "@/api/types";
import { Signed } from "@/components/ui/Signed";
import { formatMoney, formatShare, formatSigned, formatSignedShare } from "@/lib/numbers";
import styles from "./EquityNumbers.module.css";
import { equityFigures } from "./equityFigures";

type Props = {
  points: readonly Schema<"EquityPointView">[];
  startingCash: string;
  currency: string;
  fees: string;
};

export function EquityNumbers({ points, startingCash, currency, fees }: Props) {
  const last = points.at(-1);
  const { change, share, drawdown } = equityFigures(points, startingCash);
  return (
    <dl className={styles.numbers}>
      <div className={styles.main}>
        <dt>Equity, {currency}</dt>
        <dd>{formatMoney(last?.equity ?? startingCash)}</dd>
      </div>
      <div>
        <dt>Since start</dt>
        <dd>
          <Signed
            value={change}
          >{`${formatSigned(change)} (${formatSignedShare(share, 2)})`}</Signed>
        </dd>
      </div>
      <div>
        <dt>Deepest fall</dt>
        <dd>{formatShare(drawdown, 2)}</dd>
      </div>
      <div>
        <dt>Cash</dt>
        <dd>{formatMoney(last?.cash ?? startingCash)}</dd>
      </div>
      <div>
        <dt>Fees</dt>
        <dd>{formatMoney(fees)}</dd>
      </div>
    </dl>
  );
}
