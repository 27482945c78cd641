import { type FormEvent, useEffect, useState } from "react";
import { problemOf } from "@/api/problemOf";
import { lazyPart } from "@/components/lazyPart";
import { Button } from "@/components/ui/Button";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { Panel } from "@/components/ui/Panel";
import { SegmentedControl } from "@/components/ui/SegmentedControl";
import { TextInput } from "@/components/ui/TextInput";
import { symbolOf } from "@/lib/instrument";
import { useWords } from "@/lib/useWords";
import styles from "./OrderTicket.module.css";
import { ticketOrder } from "./ticketOrder";
import { usePreview } from "./usePreview";
import { useSubmitOrder } from "./useSubmitOrder";
import { ORDERS } from "./words";

/** What the risk check says is loaded with the first thing it says; what becomes of an order before
 * it is sent, since the network may be what fails it. */
const outcome = () => import("./TicketOutcome");
const TicketOutcome = lazyPart(async () => (await outcome()).TicketOutcome);
const TicketPreview = lazyPart(async () => (await import("./TicketPreview")).TicketPreview);

const SIDES = ["buy", "sell"] as const;
const KINDS = ["market", "limit"] as const;

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
  const say = useWords(ORDERS);
  const wanted = ticketOrder({ instrument, side, kind, quantity, limitPrice });
  const preview = usePreview(wanted);
  const writing = wanted !== null;
  useEffect(() => {
    if (writing) outcome().catch(() => undefined);
  }, [writing]);
  const fields = order.error ? problemOf(order.error).fields : {};
  const wrong = fields.instrument || fields.quantity || fields.limit_price;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limit_price = kind === "limit" ? limitPrice : null;
    const typed = { instrument, side, kind, quantity, limit_price, reduce_only: false };
    order.mutate(wanted ?? typed);
  };
  return (
    <Panel title={say("ticket")}>
      <form className={styles.form} onSubmit={submit}>
        <SegmentedControl
          aria-label={say("side")}
          fullWidth
          data={SIDES.map((each) => ({ value: each, label: say(each) }))}
          value={side}
          onChange={setSide}
        />
        <SegmentedControl
          aria-label={say("kind")}
          fullWidth
          data={KINDS.map((each) => ({ value: each, label: say(each) }))}
          value={kind}
          onChange={setKind}
        />
        <NativeSelect
          label={say("instrument")}
          data={instruments.map((each) => ({ value: each, label: symbolOf(each) }))}
          value={instrument}
          onChange={(event) => onInstrument(event.target.value)}
          error={fields.instrument}
        />
        <TextInput
          label={say("quantity")}
          inputMode="decimal"
          required
          value={quantity}
          onChange={(event) => setQuantity(event.target.value)}
          error={fields.quantity}
          data-testid="order-quantity"
        />
        {kind === "limit" ? (
          <TextInput
            className={styles.wide ?? ""}
            label={say("limitPrice")}
            inputMode="decimal"
            required
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
          {say(side === "buy" ? "buyIt" : "sellIt", { symbol: symbolOf(instrument) })}
        </Button>
      </form>
      {wanted && preview.data ? (
        <TicketPreview instrument={instrument} preview={preview.data} />
      ) : null}
      {order.data || order.error ? (
        <TicketOutcome order={order.data} error={wrong ? null : order.error} />
      ) : null}
    </Panel>
  );
}
