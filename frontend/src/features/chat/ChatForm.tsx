import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import styles from "./ChatForm.module.css";

type Props = {
  ready: boolean;
  busy: boolean;
  onSend: (text: string) => Promise<void>;
  onCancel: () => Promise<void>;
};

export function ChatForm({ ready, busy, onSend, onCancel }: Props) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const question = text.trim();
    if (!question || busy || !ready) return;
    setText("");
    void onSend(question);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        className={styles.input ?? ""}
        size="sm"
        aria-label="Your question"
        placeholder="Why did the last signal fire?"
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
          Stop
        </Button>
      ) : (
        <Button size="sm" type="submit" disabled={!ready} data-testid="chat-send">
          Ask
        </Button>
      )}
    </form>
  );
}
