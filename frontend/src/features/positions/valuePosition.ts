import type { Schema } from "@/api/types";
import type { LastPrice } from "./lastPrice";

type Position = Schema<"PositionView">;

/** A position at the market's last price, for display: to the cent, and realised as the server says. */
export function valuePosition(position: Position, last: LastPrice | undefined): Position {
  if (!last) return position;
  const quantity = Number(position.quantity);
  return {
    ...position,
    last_price: String(last.price),
    market_value: (quantity * last.price).toFixed(2),
    unrealised: ((last.price - Number(position.average_price)) * quantity).toFixed(2),
  };
}
