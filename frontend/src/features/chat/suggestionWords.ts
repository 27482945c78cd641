import { words } from "@/lib/words";

/** Questions to begin with. `tests/ai_pod/chatbot/test_suggestions.py` asks all of them. */
export const SUGGESTIONS = words(
  {
    "signal-why": "Why this signal?",
    "signal-how": "How did this go?",
    "verdict-why": "Why this verdict?",
    "verdict-what": "What does this verdict say?",
    "chart-how": "How did this do?",
    "chart-signal": "Any signal for this?",
    "last-signal": "Why did the last signal fire?",
    holdings: "What do I hold?",
    "who-holds": "Who holds the pod now?",
    "last-verdict": "What was the last verdict?",
  },
  {
    "signal-why": "Warum dieses Signal?",
    "signal-how": "Wie ist das gelaufen?",
    "verdict-why": "Warum dieses Urteil?",
    "verdict-what": "Erkläre dieses Urteil",
    "chart-how": "Wie ist das gelaufen?",
    "chart-signal": "Gibt es ein Signal dafür?",
    "last-signal": "Warum gab es das letzte Signal?",
    holdings: "Was halte ich?",
    "who-holds": "Wer hat jetzt den Pod?",
    "last-verdict": "Was war das letzte Urteil?",
  },
);
