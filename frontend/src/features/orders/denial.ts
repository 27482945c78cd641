import { Problem } from "@/api/problem";

const SAYS: Record<string, string> = {
  halted: "The kill switch is on.",
  unknown_instrument: "The desk does not trade this instrument.",
  no_price: "There is no price for it yet.",
  quantity: "The quantity does not fit the instrument's lots.",
  order_rate: "Too many orders in a minute.",
  price_collar: "The limit price is far beyond the last price.",
  reducing: "The desk may only make positions smaller now.",
  sell_beyond_position: "The desk holds less than that.",
  order_value: "The order is above the desk's order limit.",
  position_weight: "The position would be above the desk's limit.",
  concentration: "Too much would be in too few instruments.",
  gross_exposure: "The desk's exposure would be above its limit.",
  daily_loss: "The desk has reached its daily loss limit.",
  drawdown: "The desk has reached its drawdown limit.",
};

/** Our own risk check's denial: its reason in words, and as the check gave it with the numbers. */
export type Denial = { says: string; detail: string };

/** The denial in a refusal of an order; null where it was refused for another cause. */
export function denialOf(error: unknown): Denial | null {
  if (!(error instanceof Problem)) return null;
  const says = SAYS[error.code];
  return says ? { says, detail: error.message } : null;
}
