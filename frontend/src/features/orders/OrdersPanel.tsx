import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { OrderRow } from "./OrderRow";
import styles from "./OrdersPanel.module.css";
import { ORDER_TABLES } from "./tableWords";
import { useOrders } from "./useOrders";

const HEAD = ["time", "instrument", "side", "filled", "state", "from"] as const;

export function OrdersPanel() {
  const { query, orders } = useOrders();
  const say = useWords(ORDER_TABLES);
  return (
    <Panel
      title={say("orders")}
      flush
      className={styles.panel}
      testId="orders-panel"
      status={<Freshness source={orders[0]?.created_at} />}
    >
      <QueryGate query={query} what={say("orders")}>
        {() =>
          orders.length === 0 ? (
            <Note>{say("noOrders")}</Note>
          ) : (
            <Table label={say("orders")} head={[...HEAD.map((key) => say(key)), ""]} numeric={[3]}>
              {orders.slice(0, 60).map((order) => (
                <OrderRow key={order.id} order={order} />
              ))}
            </Table>
          )
        }
      </QueryGate>
    </Panel>
  );
}
