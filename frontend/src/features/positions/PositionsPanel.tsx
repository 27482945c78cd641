import { usePrices } from "@/api/usePrices";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Signed } from "@/components/ui/Signed";
import { Table } from "@/components/ui/Table";
import { symbolOf } from "@/lib/instrument";
import { formatMoney, formatQuantity, formatSigned } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import styles from "./PositionsPanel.module.css";
import { usePositions } from "./usePositions";
import { POSITIONS } from "./words";

const HEAD = [
  "instrument",
  "quantity",
  "average",
  "last",
  "value",
  "unrealised",
  "realised",
] as const;

export function PositionsPanel() {
  const { query, positions, asOf } = usePositions();
  const price = usePrices();
  const say = useWords(POSITIONS);
  return (
    <Panel
      title={say("positions")}
      flush
      className={styles.panel}
      testId="positions-panel"
      status={<Freshness source={asOf} />}
    >
      <QueryGate query={query} what={say("positions")}>
        {() =>
          positions.length === 0 ? (
            <Note>{say("nothing")}</Note>
          ) : (
            <Table
              label={say("positions")}
              head={HEAD.map((key) => say(key))}
              numeric={[1, 2, 3, 4, 5, 6]}
            >
              {positions.map((position) => (
                <tr key={position.instrument} data-testid="position-row">
                  <td>{symbolOf(position.instrument)}</td>
                  <td className="num">{formatQuantity(position.quantity)}</td>
                  <td className="num">{price(position.instrument, position.average_price)}</td>
                  <td className="num">{price(position.instrument, position.last_price)}</td>
                  <td className="num">{formatMoney(position.market_value)}</td>
                  <td className="num">
                    <Signed value={position.unrealised}>{formatSigned(position.unrealised)}</Signed>
                  </td>
                  <td className="num">
                    <Signed value={position.realised}>{formatSigned(position.realised)}</Signed>
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
