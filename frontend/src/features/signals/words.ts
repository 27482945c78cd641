import { words } from "@/lib/words";

export const SIGNALS = words(
  {
    signals: "Signals",
    none: "No signals yet. They come at a bar's end while the desk's pod is trading.",
    total: "score",
    executed: "executed",
    no_orders: "no orders",
    recorded: "recorded",
    expired: "expired",
    superseded: "superseded",
    faulted: "faulted",
  },
  {
    signals: "Signale",
    none: "Noch keine Signale. Sie kommen am Ende eines Balkens, solange der Pod des Desks handelt.",
    total: "Wertung",
    executed: "ausgeführt",
    no_orders: "keine Aufträge",
    recorded: "verzeichnet",
    expired: "verfallen",
    superseded: "überholt",
    faulted: "fehlerhaft",
  },
);
