import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./QuestionRow.module.css";
import { WORDS } from "./words";

type Props = {
  number: number;
  text: string;
  /** Undefined for who may only look. */
  onSave: ((text: string) => void) | undefined;
  onDelete: () => void;
};

/** One saved question, to be worded anew or deleted. */
export function QuestionRow({ number, text: saved, onSave, onDelete }: Props) {
  const say = useWords(WORDS);
  const [text, setText] = useState(saved);
  if (!onSave) return <li>{saved}</li>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onSave(text.trim());
  };
  return (
    <li>
      <form className={styles.row} onSubmit={submit}>
        <TextInput
          className={styles.text ?? ""}
          aria-label={say("edit-question", { number })}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {text === saved ? null : (
          <Button type="submit" variant="default" size="compact-xs" disabled={!text.trim()}>
            {say("save")}
          </Button>
        )}
        <Button
          variant="subtle"
          size="compact-xs"
          aria-label={say("delete-question", { text: saved })}
          onClick={onDelete}
        >
          {say("delete")}
        </Button>
      </form>
    </li>
  );
}
