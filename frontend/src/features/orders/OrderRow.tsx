import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { usePrices } from "@/api/usePrices";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Pill } from "@/components/ui/Pill";
import { symbolOf } from "@/lib/instrument";
import { formatQuantity } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { isOpen, stateWord, toneOf } from "./orderState";
import { ORDER_TABLES } from "./tableWords";

const COLUMNS = 7;

/** One order; its time is its decision's bar end where a decision made it, as fills have the bar's. */
export function OrderRow({ order }: { order: Schema<"OrderView"> }) {
  const zone = useZone();
  const say = useWords(ORDER_TABLES);
  const state = stateWord(order.state);
  const price = usePrices();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      unwrap(api.DELETE("/api/v1/orders/{order_id}", { params: { path: { order_id: order.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["orders"] }),
  });
  const limit = order.limit_price ? ` @ ${price(order.instrument, order.limit_price)}` : "";
  return (
    <>
      <tr data-testid="order-row">
        <td title={say("created", { at: formatInstant(order.created_at, zone, "full") })}>
          {formatInstant(order.bar_end ?? order.created_at, zone, "weekday")}
        </td>
        <td>{symbolOf(order.instrument)}</td>
        <td>{say(order.side)}</td>
        <td className="num">
          {formatQuantity(order.filled)} / {formatQuantity(order.quantity)}
          {limit}
        </td>
        <td>
          <Pill tone={toneOf(order.state)} title={order.reason}>
            {state ? say(state) : order.state}
          </Pill>{" "}
          {order.reason.replaceAll("_", " ")}
        </td>
        <td>{say(order.source)}</td>
        <td>
          {isOpen(order.state) ? (
            <Button
              variant="default"
              size="compact-xs"
              loading={cancel.isPending}
              aria-label={say("cancelOf", {
                side: say(order.side),
                symbol: symbolOf(order.instrument),
              })}
              onClick={() => cancel.mutate()}
            >
              {say("cancel")}
            </Button>
          ) : null}
        </td>
      </tr>
      {cancel.error ? (
        <tr>
          <td colSpan={COLUMNS}>
            <ErrorNote error={cancel.error} what={say("notCancelled")} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
