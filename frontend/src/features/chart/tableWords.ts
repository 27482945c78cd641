import { words } from "@/lib/words";

export const BAR_TABLE = words(
  {
    signal: "signal",
    fill: "fill",
    tableOf: "Bars of {symbol}, {interval}, newest first",
    time: "Time",
    open: "Open",
    high: "High",
    low: "Low",
    close: "Close",
    volume: "Volume",
    marks: "Marks",
    up: "up",
    down: "down",
  },
  {
    signal: "Signal",
    fill: "Ausführung",
    tableOf: "Balken von {symbol}, {interval}, neueste zuerst",
    time: "Zeit",
    open: "Eröffnung",
    high: "Hoch",
    low: "Tief",
    close: "Schluss",
    volume: "Volumen",
    marks: "Marken",
    up: "aufwärts",
    down: "abwärts",
  },
);
