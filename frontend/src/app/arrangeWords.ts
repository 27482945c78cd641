import { words } from "@/lib/words";

export const WORDS = words(
  {
    title: "Arrange the desk",
    verdict: "Last verdict",
    chart: "Chart",
    ticket: "Order ticket and kill switch",
    signals: "Signals",
    equity: "Equity",
    positions: "Positions",
    orders: "Orders",
    fills: "Fills",
    up: "Move {panel} up",
    down: "Move {panel} down",
    reset: "As it was at first",
  },
  {
    title: "Desk einrichten",
    verdict: "Letztes Urteil",
    chart: "Kursbild",
    ticket: "Auftragsformular und Not-Aus",
    signals: "Signale",
    equity: "Vermögen",
    positions: "Positionen",
    orders: "Aufträge",
    fills: "Ausführungen",
    up: "{panel} nach oben",
    down: "{panel} nach unten",
    reset: "Wie am Anfang",
  },
);
