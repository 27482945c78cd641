import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Textarea } from "@/components/ui/Textarea";
import { useWords } from "@/lib/useWords";
import styles from "./Editor.module.css";
import type { useInstructionActions } from "./useInstructionActions";
import { WORDS } from "./words";

type Props = {
  text: string;
  add: ReturnType<typeof useInstructionActions>["add"];
  onCancel: () => void;
  onKept: (version: number) => void;
};

/** A new version, begun from another one's text. What was kept never changes. */
export function Editor({ text: begun, add, onCancel, onKept }: Props) {
  const say = useWords(WORDS);
  const [text, setText] = useState(begun);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(text, { onSuccess: (made) => onKept(made.version) });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Textarea
        label={say("new-text")}
        rows={14}
        className={styles.text ?? ""}
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-testid="instructions-editor"
      />
      {add.error ? <ErrorNote error={add.error} what={say("refused")} /> : null}
      <div className={styles.actions}>
        <Button type="submit" loading={add.isPending} disabled={text === begun} data-testid="keep">
          {say("keep")}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {say("cancel")}
        </Button>
      </div>
    </form>
  );
}
