import { Dialog } from "@/components/ui/Dialog";
import { symbolOf } from "@/lib/instrument";
import { formatShare } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import { Contributions } from "./Contributions";
import styles from "./ExplanationDialog.module.css";
import type { SignalRow } from "./signalRow";

type Props = { row: SignalRow | null; onClose: () => void };

/** Why a signal: the policy's reason, and the shares that its score is made of. */
export function ExplanationDialog({ row, onClose }: Props) {
  const zone = useZone();
  return (
    <Dialog
      opened={row !== null}
      onClose={onClose}
      title={row ? `Why ${symbolOf(row.instrument)}` : "Why"}
    >
      {row ? (
        <div className={styles.body}>
          <p>{row.reason}</p>
          <p className={styles.meta}>
            {formatInstant(row.bar_end, zone, "full")} · weight {formatShare(row.weight_before)} →{" "}
            {formatShare(row.weight_after)} · price {row.price.toFixed(2)} · policy{" "}
            <code title={row.policy_version}>{row.policy_version.slice(0, 24)}</code>
            {row.synthetic ? " · synthetic data" : ""}
          </p>
          <Contributions row={row} />
        </div>
      ) : null}
    </Dialog>
  );
}
