import { words } from "@/lib/words";

export const WORDS = words(
  {
    title: "Keyboard shortcuts",
    palette: "Search or do",
    help: "This list",
    chat: "Open or close chat",
    killswitch: "To the kill switch",
    zone: "Times in the next zone",
    "go-to": "Go to {page}",
    single: "Single keys do something",
    "single-says": "Ctrl K works in any case.",
  },
  {
    title: "Tastenkürzel",
    palette: "Suchen oder tun",
    help: "Diese Liste",
    chat: "Chat öffnen oder schließen",
    killswitch: "Zum Not-Aus",
    zone: "Zeiten in der nächsten Zone",
    "go-to": "Gehe zu {page}",
    single: "Einzelne Tasten tun etwas",
    "single-says": "Strg K geht in jedem Fall.",
  },
);
