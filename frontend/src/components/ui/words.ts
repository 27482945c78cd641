import { words } from "@/lib/words";

export const WORDS = words(
  {
    close: "Close",
    again: "Try again",
    cannot: "{what} cannot be shown.",
    loading: "Loading {what}…",
    actions: "Actions",
    partMissing: "This part could not be loaded; loading the page again may bring it.",
    more: "Show more",
    unreachable: "The server cannot be reached. Check the connection and try again.",
    server_failed:
      "The server does not answer as it should (HTTP {status}). Try again in a moment.",
    internal_error:
      "The server failed at this. Try again; if it fails again, tell an operator the code beside.",
  },
  {
    close: "Schließen",
    again: "Noch einmal",
    cannot: "{what}: lässt sich nicht anzeigen.",
    loading: "{what}: wird geladen…",
    actions: "Aktionen",
    partMissing:
      "Dieser Teil ließ sich nicht laden; die Seite neu zu laden, bringt ihn vielleicht.",
    more: "Mehr zeigen",
    server_failed:
      "Der Server antwortet nicht, wie er soll (HTTP {status}). Gleich noch einmal versuchen.",
    internal_error:
      "Der Server ist daran gescheitert. Noch einmal versuchen; scheitert es wieder, dem Betrieb den Code daneben nennen.",
    unreachable: "Der Server ist nicht erreichbar. Verbindung prüfen und noch einmal versuchen.",
  },
);
