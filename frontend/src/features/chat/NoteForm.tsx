import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import { WORDS } from "./historyWords";
import styles from "./Thumbs.module.css";

type Props = { note: string; onSend: (note: string) => void };

/** Why an answer was good or bad, in a line. */
export function NoteForm({ note, onSend }: Props) {
  const say = useWords(WORDS);
  const [text, setText] = useState(note);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(text);
  };
  return (
    <form className={styles.note} onSubmit={submit}>
      <TextInput
        aria-label={say("note")}
        placeholder={say("note")}
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoFocus
      />
      <Button type="submit" size="compact-xs">
        {say("send")}
      </Button>
    </form>
  );
}
