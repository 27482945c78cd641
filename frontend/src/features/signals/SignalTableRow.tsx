import type { ReactNode } from "react";
import type { Schema } from "@/api/types";
import { usePrices } from "@/api/usePrices";
import { symbolOf } from "@/lib/instrument";
import { formatScore, formatShare } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { outcomeWord } from "./outcomeWord";
import { SIGNAL_PAGE } from "./pageWords";
import { SIGNALS } from "./words";

type Props = {
  row: Schema<"SignalView">;
  /** What opens the signal's page. */
  link: (text: string, label: string) => ReactNode;
};

export function SignalTableRow({ row, link }: Props) {
  const zone = useZone();
  const price = usePrices();
  const say = useWords(SIGNAL_PAGE);
  const list = useWords(SIGNALS);
  const at = formatInstant(row.bar_end, zone, "full");
  const symbol = symbolOf(row.instrument);
  const became = outcomeWord(row.outcome);
  return (
    <tr data-testid="signal-table-row">
      <td>{link(at, say("open", { instrument: symbol, at }))}</td>
      <td>{symbol}</td>
      <td className="num">
        {row.weight_after >= row.weight_before ? "▲" : "▼"} {formatShare(row.weight_before)} →{" "}
        {formatShare(row.weight_after)}
      </td>
      <td className="num">{formatScore(row.score)}</td>
      <td className="num">{price(row.instrument, row.price)}</td>
      <td>{became ? list(became) : row.outcome}</td>
    </tr>
  );
}
