import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { usePrices } from "@/api/usePrices";
import { Pill } from "@/components/ui/Pill";
import { symbolOf } from "@/lib/instrument";
import { formatQuantity } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import { isOpen, toneOf } from "./orderState";

/** One order; its time is its decision's bar end where a decision made it, as fills have the bar's. */
export function OrderRow({ order }: { order: Schema<"OrderView"> }) {
  const zone = useZone();
  const price = usePrices();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      unwrap(api.DELETE("/api/v1/orders/{order_id}", { params: { path: { order_id: order.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["orders"] }),
  });
  const limit = order.limit_price ? ` @ ${price(order.instrument, order.limit_price)}` : "";
  return (
    <tr data-testid="order-row">
      <td title={`Created ${formatInstant(order.created_at, zone, "full")}`}>
        {formatInstant(order.bar_end ?? order.created_at, zone, "weekday")}
      </td>
      <td>{symbolOf(order.instrument)}</td>
      <td>{order.side}</td>
      <td className="num">
        {formatQuantity(order.filled)} / {formatQuantity(order.quantity)}
        {limit}
      </td>
      <td>
        <Pill tone={toneOf(order.state)} title={order.reason}>
          {order.state.replace("_", " ")}
        </Pill>{" "}
        {order.reason.replaceAll("_", " ")}
      </td>
      <td>{order.source}</td>
      <td>
        {isOpen(order.state) ? (
          <Button
            variant="default"
            size="compact-xs"
            loading={cancel.isPending}
            aria-label={`Cancel the ${order.side} order of ${symbolOf(order.instrument)}`}
            title={cancel.error?.message}
            onClick={() => cancel.mutate()}
          >
            {cancel.error ? "Not cancelled" : "Cancel"}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
