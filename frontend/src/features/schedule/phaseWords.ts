import { words } from "@/lib/words";

export const PHASES_SAID = words(
  {
    trading: "trading",
    learning: "learning",
    paused: "paused",
    lasting: "for",
  },
  {
    trading: "Handel",
    learning: "Lernen",
    paused: "Pause",
    lasting: "noch",
  },
);
