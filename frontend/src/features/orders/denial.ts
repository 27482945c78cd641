import type { Schema } from "@/api/types";

const SAYS: Record<string, string> = {
  halted: "The kill switch is on.",
  unknown_instrument: "The desk does not trade this instrument.",
  no_price: "There is no price for it yet.",
  quantity: "The quantity does not fit the instrument's lots.",
  order_rate: "Too many orders in a minute.",
  sell_beyond_position: "The desk holds less than that.",
  order_value: "The order is above the desk's order limit.",
  position_weight: "The position would be above the desk's limit.",
  gross_exposure: "The desk's exposure would be above its limit.",
  daily_loss: "The desk has reached its daily loss limit.",
};

/** Why an order was refused, in words and with the numbers that it was judged by. */
export function denialOf(order: Schema<"OrderView">): string | null {
  if (order.state !== "denied" && order.state !== "rejected") return null;
  const numbers = Object.entries(order.context)
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`)
    .join(", ");
  const says = SAYS[order.reason] ?? order.reason.replaceAll("_", " ");
  return numbers ? `${says} (${numbers})` : says;
}
