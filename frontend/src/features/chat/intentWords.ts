import { words } from "@/lib/words";

export const INTENT_WORDS = words(
  {
    card: "Prepared, for you to confirm",
    confirm: "Confirm",
    dismiss: "Dismiss",
    expires: "Expires in {span}",
    refused: "It would be refused now: {why}",
    prepared: "waits for you",
    confirmed: "done",
    denied: "denied",
    dismissed: "dismissed",
    expired: "expired; ask again",
    failed: "That did not go through.",
    away: "What was prepared cannot be shown.",
  },
  {
    card: "Vorbereitet, zum Bestätigen",
    confirm: "Bestätigen",
    dismiss: "Verwerfen",
    expires: "Läuft ab in {span}",
    refused: "Es würde jetzt abgelehnt: {why}",
    prepared: "wartet auf Sie",
    confirmed: "erledigt",
    denied: "abgelehnt",
    dismissed: "verworfen",
    expired: "abgelaufen; bitte neu fragen",
    failed: "Das ging nicht durch.",
    away: "Das Vorbereitete kann nicht gezeigt werden.",
  },
);
