import { words } from "@/lib/words";

/** An order's sides and states. */
export const ORDERED = words(
  {
    buy: "buy",
    sell: "sell",
    new: "new",
    submitted: "submitted",
    accepted: "accepted",
    partially_filled: "partially filled",
    filled: "filled",
    cancelled: "cancelled",
    denied: "denied",
    rejected: "rejected",
    expired: "expired",
  },
  {
    buy: "Kauf",
    sell: "Verkauf",
    new: "neu",
    submitted: "gesendet",
    accepted: "angenommen",
    partially_filled: "teils ausgeführt",
    filled: "ausgeführt",
    cancelled: "storniert",
    denied: "abgelehnt",
    rejected: "vom Handelsplatz abgelehnt",
    expired: "verfallen",
  },
);

type Word = keyof (typeof ORDERED)["en"];

/** Whether there is a word for what the server calls so. */
export function isOrderWord(name: string): name is Word {
  return Object.hasOwn(ORDERED.en, name);
}
