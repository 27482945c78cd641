import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import { PairView } from "./PairView";
import styles from "./PreviewPanel.module.css";
import { usePreview } from "./usePreview";
import { WORDS } from "./words";

const COMPOSER = "composer";

/** What two versions answer, side by side, before one is promoted. */
export function PreviewPanel({ before, after }: { before: number; after: number }) {
  const say = useWords(WORDS);
  const [text, setText] = useState("");
  const { running, pairs, error, run, stop } = usePreview();
  const composed = pairs.some((pair) => pair.after.written_by === COMPOSER);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!running) void run(before, after, text.trim());
  };
  return (
    <Panel title={say("preview")} testId="instructions-preview">
      <p className={styles.says}>{say("preview-says")}</p>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={say("one-question")}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {running ? (
          <Button variant="default" onClick={stop}>
            {say("stop")}
          </Button>
        ) : (
          <Button type="submit" data-testid="run-preview">
            {say("run", { before, after })}
          </Button>
        )}
      </form>
      {error ? <ErrorNote error={error} what={say("no-preview")} /> : null}
      {composed ? <Note>{say("composer-note")}</Note> : null}
      <ul className={styles.pairs} aria-live="polite" aria-busy={running}>
        {pairs.map((pair) => (
          <PairView key={pair.question_id ?? pair.question} pair={pair} />
        ))}
      </ul>
    </Panel>
  );
}
