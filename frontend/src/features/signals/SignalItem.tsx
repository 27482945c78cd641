import { symbolOf } from "@/lib/instrument";
import { formatScore, formatShare } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { outcomeWord } from "./outcomeWord";
import styles from "./SignalItem.module.css";
import type { SignalRow } from "./signalRow";
import { topContributions } from "./topContributions";
import { SIGNALS } from "./words";

type Props = { row: SignalRow; onOpen: (row: SignalRow) => void };

export function SignalItem({ row, onOpen }: Props) {
  const zone = useZone();
  const say = useWords(SIGNALS);
  const became = outcomeWord(row.outcome);
  const up = row.weight_after >= row.weight_before;
  return (
    <li>
      <button
        type="button"
        className={styles.row}
        data-testid="signal-row"
        onClick={() => onOpen(row)}
      >
        <span className={styles.what}>
          <span className={up ? styles.up : styles.down}>{up ? "▲" : "▼"}</span>
          <strong>{symbolOf(row.instrument)}</strong>
          <span>
            {formatShare(row.weight_before)} → {formatShare(row.weight_after)}
          </span>
        </span>
        <span className={styles.meta}>
          {became ? `${say(became)} · ` : ""}
          {formatInstant(row.bar_end, zone, "weekday")}
        </span>
        <span className={styles.why}>
          {say("total")} {formatScore(row.score)}
          {topContributions(row.contributions, 2, 0.005).map(([feature, share]) => (
            <span key={feature}>
              {" · "}
              {feature.replaceAll("_", " ")} {formatScore(share, 2)}
            </span>
          ))}
        </span>
      </button>
    </li>
  );
}
