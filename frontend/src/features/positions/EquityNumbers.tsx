import type { Schema } from "@/api/types";
import { Signed } from "@/components/ui/Signed";
import { formatMoney, formatShare, formatSigned, formatSignedShare } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import styles from "./EquityNumbers.module.css";
import { equityFigures } from "./equityFigures";
import { POSITIONS } from "./words";

type Props = {
  points: readonly Schema<"EquityPointView">[];
  startingCash: string;
  currency: string;
  fees: string;
};

export function EquityNumbers({ points, startingCash, currency, fees }: Props) {
  const say = useWords(POSITIONS);
  const last = points.at(-1);
  const { change, share, drawdown } = equityFigures(points, startingCash);
  return (
    <dl className={styles.numbers}>
      <div className={styles.main}>
        <dt>{say("equityIn", { currency })}</dt>
        <dd>{formatMoney(last?.equity ?? startingCash)}</dd>
      </div>
      <div>
        <dt>{say("since")}</dt>
        <dd>
          <Signed
            value={change}
          >{`${formatSigned(change)} (${formatSignedShare(share, 2)})`}</Signed>
        </dd>
      </div>
      <div>
        <dt>{say("fall")}</dt>
        <dd>{formatShare(drawdown, 2)}</dd>
      </div>
      <div>
        <dt>{say("cash")}</dt>
        <dd>{formatMoney(last?.cash ?? startingCash)}</dd>
      </div>
      <div>
        <dt>{say("fees")}</dt>
        <dd>{formatMoney(fees)}</dd>
      </div>
    </dl>
  );
}
