import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { Freshness } from "@/live/Freshness";
import { OrderRow } from "./OrderRow";
import styles from "./OrdersPanel.module.css";
import { useOrders } from "./useOrders";

const HEAD = ["Time", "Instrument", "Side", "Filled / of", "State", "From", ""];

export function OrdersPanel() {
  const { query, orders } = useOrders();
  return (
    <Panel
      title="Orders"
      flush
      className={styles.panel}
      testId="orders-panel"
      status={<Freshness source={orders[0]?.created_at} />}
    >
      <QueryGate query={query} what="Orders">
        {() =>
          orders.length === 0 ? (
            <Note>No orders yet.</Note>
          ) : (
            <Table label="Orders" head={HEAD} numeric={[3]}>
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
