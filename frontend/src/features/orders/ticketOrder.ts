import type { Schema } from "@/api/types";

export type Ticket = {
  instrument: string;
  side: "buy" | "sell";
  kind: "market" | "limit";
  quantity: string;
  limitPrice: string;
};

const AMOUNT = /^\d+([.]\d+)?$/;

/** The request of a ticket; null while what is typed is no order yet. */
export function ticketOrder(ticket: Ticket): Schema<"OrderRequest"> | null {
  const { instrument, side, kind } = ticket;
  const quantity = ticket.quantity.trim();
  const limit = ticket.limitPrice.trim();
  if (!AMOUNT.test(quantity) || Number(quantity) <= 0) return null;
  if (kind === "limit" && (!AMOUNT.test(limit) || Number(limit) <= 0)) return null;
  const limit_price = kind === "limit" ? limit : null;
  return { instrument, side, kind, quantity, limit_price, reduce_only: false };
}
