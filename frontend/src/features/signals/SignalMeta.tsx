import { usePrices } from "@/api/usePrices";
import { formatShare } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { outcomeWord } from "./outcomeWord";
import { SIGNAL_PAGE } from "./pageWords";
import styles from "./SignalView.module.css";
import type { SignalRow } from "./signalRow";
import { SIGNALS } from "./words";

/** When a signal came, what it changed, at which price, and what became of it. */
export function SignalMeta({ row }: { row: Omit<SignalRow, "contributions"> }) {
  const zone = useZone();
  const price = usePrices();
  const say = useWords(SIGNAL_PAGE);
  const list = useWords(SIGNALS);
  const became = outcomeWord(row.outcome);
  return (
    <p className={styles.meta}>
      {say("meta", {
        at: formatInstant(row.bar_end, zone, "full"),
        before: formatShare(row.weight_before),
        after: formatShare(row.weight_after),
        price: price(row.instrument, row.price),
      })}
      {became ? ` · ${list(became)}` : ""}
      {row.synthetic ? ` · ${say("synthetic")}` : ""}
    </p>
  );
}
