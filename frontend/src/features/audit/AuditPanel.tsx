import { type FormEvent, useEffect, useState } from "react";
import { Button } from "@/components/ui/Button";
import { PagesGate } from "@/components/ui/PagesGate";
import { Panel } from "@/components/ui/Panel";
import { Table } from "@/components/ui/Table";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import styles from "./AuditPanel.module.css";
import { AuditRow } from "./AuditRow";
import { ChainCheck } from "./ChainCheck";
import { useAudit } from "./useAudit";
import { WORDS } from "./words";

type Props = { subject: string | undefined; onSubject: (subject: string) => void };

/** Who changed what and when, newest first. `subject` is the address's filter. */
export function AuditPanel({ subject, onSubject }: Props) {
  const say = useWords(WORDS);
  const query = useAudit(subject);
  const [typed, setTyped] = useState(subject ?? "");
  useEffect(() => setTyped(subject ?? ""), [subject]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubject(typed.trim());
  };
  const head = (["number", "at", "actor", "action", "of", "change"] as const).map((key) =>
    say(key),
  );
  return (
    <Panel title={say("title")} testId="audit" status={<Freshness readAt={query.dataUpdatedAt} />}>
      <div className={styles.tools}>
        <form className={styles.filter} onSubmit={submit}>
          <TextInput
            label={say("subject")}
            description={say("subject-says")}
            maxLength={200}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit">{say("filter")}</Button>
          {subject ? (
            <Button variant="default" onClick={() => onSubject("")}>
              {say("all")}
            </Button>
          ) : null}
        </form>
        <ChainCheck />
      </div>
      <PagesGate
        query={query}
        what={say("what")}
        none={subject ? say("none-of", { subject }) : say("none")}
      >
        {(rows) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
          <section className={styles.rows} tabIndex={0} aria-label={say("title")}>
            <Table label={say("title")} head={head} numeric={[0]}>
              {rows.map((row) => (
                <AuditRow key={row.number} row={row} onSubject={onSubject} />
              ))}
            </Table>
          </section>
        )}
      </PagesGate>
    </Panel>
  );
}
