import { usePrices } from "@/api/usePrices";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Signed } from "@/components/ui/Signed";
import { Table } from "@/components/ui/Table";
import { symbolOf } from "@/lib/instrument";
import { formatMoney, formatQuantity, formatSigned } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import styles from "./OrdersPanel.module.css";
import { ORDER_TABLES } from "./tableWords";
import { useFills } from "./useFills";

const HEAD = ["time", "instrument", "side", "quantity", "price", "fee", "realised"] as const;

export function FillsPanel() {
  const { query, fills } = useFills();
  const zone = useZone();
  const say = useWords(ORDER_TABLES);
  const price = usePrices();
  return (
    <Panel
      title={say("fills")}
      flush
      className={styles.panel}
      testId="fills-panel"
      status={<Freshness source={fills[0]?.at} />}
    >
      <QueryGate query={query} what={say("fills")}>
        {() =>
          fills.length === 0 ? (
            <Note>{say("noFills")}</Note>
          ) : (
            <Table label={say("fills")} head={HEAD.map((key) => say(key))} numeric={[3, 4, 5, 6]}>
              {fills.slice(0, 60).map((fill) => (
                <tr key={fill.id} data-testid="fill-row">
                  <td>{formatInstant(fill.at, zone, "weekday")}</td>
                  <td>{symbolOf(fill.instrument)}</td>
                  <td>{say(fill.side)}</td>
                  <td className="num">{formatQuantity(fill.quantity)}</td>
                  <td className="num">{price(fill.instrument, fill.price)}</td>
                  <td className="num">{formatMoney(fill.fee)}</td>
                  <td className="num">
                    <Signed value={fill.realised}>{formatSigned(fill.realised)}</Signed>
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </QueryGate>
    </Panel>
  );
}
