import { Link } from "@tanstack/react-router";
import { Dialog } from "@/components/ui/Dialog";
import { symbolOf } from "@/lib/instrument";
import { useWords } from "@/lib/useWords";
import { ExplanationBody } from "./ExplanationBody";
import styles from "./ExplanationDialog.module.css";
import { SIGNAL_PAGE } from "./pageWords";
import { SignalMeta } from "./SignalMeta";
import type { SignalRow } from "./signalRow";

type Props = { row: SignalRow | null; onClose: () => void };

/** Why a signal: what it changed, the policy's reason, and the shares that its score is made of. */
export function ExplanationDialog({ row, onClose }: Props) {
  const say = useWords(SIGNAL_PAGE);
  return (
    <Dialog
      opened={row !== null}
      onClose={onClose}
      title={row ? say("whyOf", { instrument: symbolOf(row.instrument) }) : say("why")}
    >
      {row ? (
        <div className={styles.body} data-testid="explanation">
          <SignalMeta row={row} />
          <ExplanationBody signal={row.id} />
          <Link to="/signals/$id" params={{ id: row.id }} data-testid="signal-link">
            {say("whole")}
          </Link>
        </div>
      ) : null}
    </Dialog>
  );
}
