import { Button, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "@/api/problemOf";
import { Panel } from "@/components/ui/Panel";
import { symbolOf } from "@/lib/instrument";
import styles from "./OrderTicket.module.css";
import { TicketOutcome } from "./TicketOutcome";
import { useSubmitOrder } from "./useSubmitOrder";

type Props = {
  instruments: readonly string[];
  instrument: string;
  onInstrument: (instrument: string) => void;
};

/** An order by hand. It passes the same risk check as the policy's; a denial says why. */
export function OrderTicket({ instruments, instrument, onInstrument }: Props) {
  const [side, setSide] = useState<"buy" | "sell">("buy");
  const [kind, setKind] = useState<"market" | "limit">("market");
  const [quantity, setQuantity] = useState("");
  const [limitPrice, setLimitPrice] = useState("");
  const order = useSubmitOrder();
  const fields = order.error ? problemOf(order.error).fields : {};
  const wrong = fields.instrument || fields.quantity || fields.limit_price;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limit_price = kind === "limit" ? limitPrice : null;
    order.mutate({ instrument, side, kind, quantity, limit_price, reduce_only: false });
  };
  return (
    <Panel title="Order ticket">
      <form className={styles.form} onSubmit={submit}>
        <SegmentedControl
          aria-label="Side"
          fullWidth
          data={["buy", "sell"]}
          value={side}
          onChange={setSide}
        />
        <SegmentedControl
          aria-label="Order type"
          fullWidth
          data={["market", "limit"]}
          value={kind}
          onChange={setKind}
        />
        <NativeSelect
          label="Instrument"
          data={instruments.map((each) => ({ value: each, label: symbolOf(each) }))}
          value={instrument}
          onChange={(event) => onInstrument(event.target.value)}
          error={fields.instrument}
        />
        <TextInput
          label="Quantity"
          inputMode="decimal"
          required
          withAsterisk={false}
          value={quantity}
          onChange={(event) => setQuantity(event.target.value)}
          error={fields.quantity}
          data-testid="order-quantity"
        />
        {kind === "limit" ? (
          <TextInput
            className={styles.wide ?? ""}
            label="Limit price"
            inputMode="decimal"
            required
            withAsterisk={false}
            value={limitPrice}
            onChange={(event) => setLimitPrice(event.target.value)}
            error={fields.limit_price}
          />
        ) : null}
        <Button
          className={styles.wide ?? ""}
          type="submit"
          loading={order.isPending}
          data-testid="order-submit"
        >
          {side === "buy" ? "Buy" : "Sell"} {symbolOf(instrument)}
        </Button>
      </form>
      <TicketOutcome order={order.data} error={wrong ? null : order.error} />
    </Panel>
  );
}
