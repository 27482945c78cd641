import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import { QuestionRow } from "./QuestionRow";
import styles from "./QuestionsPanel.module.css";
import { useQuestions } from "./useQuestions";
import { WORDS } from "./words";

/** The questions that previews are made with. */
export function QuestionsPanel({ operates }: { operates: boolean }) {
  const say = useWords(WORDS);
  const { query, add, change, remove } = useQuestions();
  const [text, setText] = useState("");
  const error = add.error ?? change.error ?? remove.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) add.mutate(text.trim(), { onSuccess: () => setText("") });
  };
  return (
    <Panel title={say("questions")} testId="questions">
      <QueryGate query={query} what={say("questions")}>
        {({ items }) => (
          <>
            {items.length === 0 ? <Note>{say("no-questions")}</Note> : null}
            <ol className={styles.questions}>
              {items.map((each, at) => (
                <QuestionRow
                  key={`${each.id} ${each.text}`}
                  number={at + 1}
                  text={each.text}
                  onSave={operates ? (to) => change.mutate({ id: each.id, text: to }) : undefined}
                  onDelete={() => remove.mutate(each.id)}
                />
              ))}
            </ol>
          </>
        )}
      </QueryGate>
      {operates ? (
        <form className={styles.form} onSubmit={submit}>
          <TextInput
            label={say("new-question")}
            maxLength={4000}
            value={text}
            onChange={(event) => setText(event.target.value)}
            data-testid="new-question"
          />
          <Button type="submit" variant="default" loading={add.isPending} disabled={!text.trim()}>
            {say("save")}
          </Button>
        </form>
      ) : null}
      {error ? <ErrorNote error={error} what={say("not-saved")} /> : null}
    </Panel>
  );
}
