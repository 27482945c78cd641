import { words } from "@/lib/words";

export const WORDS = words(
  {
    label: "A look round, step {at} of {of}",
    next: "Next",
    back: "Back",
    done: "Done",
    skip: "Skip the tour",
    welcome: "Welcome. A minute shows what is where; it can be seen again from the menu.",
    mode: "PAPER or LIVE always stands here. On paper, orders are simulated.",
    zone: "Every time on the page is in this zone: the exchange's, yours, or UTC.",
    chart:
      "Bars of one instrument, with signals and fills. Each panel says at its right edge how old what it shows is.",
    ticket:
      "Orders by hand pass the same risk check as the policy's. The kill switch stops them all.",
    signals: "What the policy wants to change. Open one to see why, number by number.",
    chat: "Ask in your own words. Every number in an answer has a source.",
    palette: "Pages, instruments and settings: Ctrl K finds them. ? lists the keys.",
  },
  {
    label: "Rundgang, Schritt {at} von {of}",
    next: "Weiter",
    back: "Zurück",
    done: "Fertig",
    skip: "Rundgang überspringen",
    welcome: "Willkommen. Eine Minute zeigt, was wo ist; das Menü zeigt es jederzeit wieder.",
    mode: "PAPER oder LIVE steht immer hier. Auf Papier werden Aufträge simuliert.",
    zone: "Jede Zeit auf der Seite steht in dieser Zone: der Börse, der eigenen oder UTC.",
    chart:
      "Kurse eines Instruments mit Signalen und Ausführungen. Jedes Feld sagt rechts oben, wie alt es ist.",
    ticket:
      "Aufträge von Hand gehen durch dieselbe Risikoprüfung wie die der Policy. Der Not-Aus hält alle an.",
    signals: "Was die Policy ändern will. Geöffnet sagt ein Signal, warum, Zahl für Zahl.",
    chat: "Fragen in eigenen Worten. Jede Zahl einer Antwort hat eine Quelle.",
    palette: "Seiten, Instrumente, Einstellungen: Strg K findet sie. ? nennt die Tasten.",
  },
);
