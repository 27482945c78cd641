import { Problem } from "@/api/problem";
import type { RiskWord } from "./riskWords";

const WORDS: Record<string, RiskWord> = {
  halted: "halted_code",
  unknown_instrument: "unknown_instrument",
  no_price: "no_price",
  quantity: "quantity_code",
  order_rate: "order_rate",
  price_collar: "price_collar",
  reducing: "reducing",
  sell_beyond_position: "sell_beyond_position",
  order_value: "order_value",
  position_weight: "position_weight_code",
  concentration: "concentration_code",
  gross_exposure: "gross_exposure_code",
  daily_loss: "daily_loss",
  drawdown: "drawdown",
};

/** Our own risk check's denial: the word for its reason, and as the check gave it with the numbers. */
export type Denial = { word: RiskWord; detail: string };

/** The word for a reason of the risk check; null for what is none. */
export function reasonWord(reason: string | null): RiskWord | null {
  return WORDS[reason ?? ""] ?? null;
}

/** The denial in a refusal of an order; null where it was refused for another cause. */
export function denialOf(error: unknown): Denial | null {
  if (!(error instanceof Problem)) return null;
  const word = reasonWord(error.code);
  return word ? { word, detail: error.message } : null;
}
