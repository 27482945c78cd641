import type { Schema } from "@/api/types";
import { Note } from "@/components/ui/Note";
import { formatMoney } from "@/lib/numbers";
import { curvePath } from "./curvePath";
import styles from "./EquityCurve.module.css";

type Props = { points: readonly Schema<"EquityPointView">[]; start: number };

/** The equity curve against the starting cash. The numbers beside it say the same in text. */
export function EquityCurve({ points, start }: Props) {
  const values = points.map((point) => Number(point.equity));
  const curve = curvePath(values, start);
  if (!curve) return <Note>The curve begins with the desk's second valuation.</Note>;
  const label = `Equity curve of ${points.length} points, from ${formatMoney(values[0])} to ${formatMoney(values.at(-1))}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no element for a drawing
    <figure className={styles.curve} role="group" aria-label={label}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2="100" y1={curve.base} y2={curve.base} className={styles.base} />
        <path d={curve.area} className={styles.area} />
        <path d={curve.line} className={styles.line} />
      </svg>
      <span className={styles.high}>{formatMoney(curve.high)}</span>
      <span className={styles.low}>{formatMoney(curve.low)}</span>
    </figure>
  );
}
