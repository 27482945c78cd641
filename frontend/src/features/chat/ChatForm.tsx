import { type FormEvent, useState } from "react";
import { useSession } from "@/api/session";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { TextInput } from "@/components/ui/TextInput";
import { type OnScreen, useScreen } from "@/lib/screen";
import { useWords } from "@/lib/useWords";
import { AboutChip } from "./AboutChip";
import { askedOf } from "./askedOf";
import styles from "./ChatForm.module.css";
import { suggestions } from "./suggestions";
import { SUGGESTIONS } from "./suggestionWords";
import { CHAT } from "./words";

type Props = {
  ready: boolean;
  busy: boolean;
  onSend: (text: string, screen: Schema<"OnScreen"> | null) => Promise<void>;
  onCancel: () => Promise<void>;
};

/** The next question: with what is on screen, unless that is put away, and with ones that fit it. */
export function ChatForm({ ready, busy, onSend, onCancel }: Props) {
  const say = useWords(CHAT);
  const suggest = useWords(SUGGESTIONS);
  const [text, setText] = useState("");
  const [forgotten, setForgotten] = useState<OnScreen | null>(null);
  const role = useSession((state) => state.user?.role);
  const seen = useScreen((state) => state.shown);
  const shown = seen === forgotten ? null : seen;
  const fitting = suggestions(shown, role);
  const send = (question: string) => {
    if (!question || busy || !ready) return;
    setText("");
    void onSend(question, shown && askedOf(shown, location.pathname));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(text.trim());
  };
  return (
    <div className={styles.around}>
      {shown ? <AboutChip shown={shown} onForget={() => setForgotten(shown)} /> : null}
      <ul className={styles.fitting} aria-label={say("fits")}>
        {fitting.map((key) => (
          <li key={key}>
            <Button
              variant="default"
              size="compact-xs"
              disabled={busy || !ready || text !== ""}
              onClick={() => send(suggest(key))}
              data-testid="chat-suggestion"
            >
              {suggest(key)}
            </Button>
          </li>
        ))}
      </ul>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          id="chat-input"
          className={styles.input ?? ""}
          size="sm"
          aria-label={say("question")}
          placeholder={fitting[0] ? suggest(fitting[0]) : ""}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          data-testid="chat-input"
        />
        {busy ? (
          <Button
            size="sm"
            variant="default"
            onClick={() => void onCancel()}
            data-testid="chat-cancel"
          >
            {say("stop")}
          </Button>
        ) : (
          <Button size="sm" type="submit" disabled={!ready} data-testid="chat-send">
            {say("ask")}
          </Button>
        )}
      </form>
    </div>
  );
}
