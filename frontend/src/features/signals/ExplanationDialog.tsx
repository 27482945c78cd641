import { usePrices } from "@/api/usePrices";
import { Dialog } from "@/components/ui/Dialog";
import { symbolOf } from "@/lib/instrument";
import { formatShare } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import { ExplanationBody } from "./ExplanationBody";
import styles from "./ExplanationDialog.module.css";
import type { SignalRow } from "./signalRow";

type Props = { row: SignalRow | null; onClose: () => void };

/** Why a signal: what it changed, the policy's reason, and the shares that its score is made of. */
export function ExplanationDialog({ row, onClose }: Props) {
  const zone = useZone();
  const price = usePrices();
  return (
    <Dialog
      opened={row !== null}
      onClose={onClose}
      title={row ? `Why ${symbolOf(row.instrument)}` : "Why"}
    >
      {row ? (
        <div className={styles.body} data-testid="explanation">
          <p className={styles.meta}>
            {formatInstant(row.bar_end, zone, "full")} · weight {formatShare(row.weight_before)} →{" "}
            {formatShare(row.weight_after)} · price {price(row.instrument, row.price)}
            {row.synthetic ? " · synthetic data" : ""}
          </p>
          <ExplanationBody signal={row.id} />
        </div>
      ) : null}
    </Dialog>
  );
}
