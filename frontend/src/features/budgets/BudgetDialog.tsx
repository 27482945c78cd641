import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./Budgets.module.css";
import { draftOf, FIELDS, limitsOf } from "./limits";
import { type Limits, useSetBudget } from "./useBudgets";
import { WORDS } from "./words";

/** Whom limits bind; `limits` are its own, if it has any. */
export type Subject = { id: string; name: string; limits: Limits | undefined };

type Props = { subject: Subject; onClose: () => void };

/** Sets the limits of a day and of a month, or takes them away. */
export function BudgetDialog({ subject, onClose }: Props) {
  const say = useWords(WORDS);
  const change = useSetBudget(subject.id);
  const [draft, setDraft] = useState(() => draftOf(subject.limits ?? {}));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(limitsOf(draft), { onSuccess: onClose });
  };
  return (
    <Dialog opened onClose={onClose} title={say("set-of", { name: subject.name })}>
      <form className={styles.form} onSubmit={submit}>
        <p className={styles.wide}>{say("set-says")}</p>
        {FIELDS.map((field) => (
          <TextInput
            key={field}
            label={say(field)}
            type="number"
            min={0}
            step={field.endsWith("usd") ? "any" : 1}
            value={draft[field]}
            onChange={(event) => setDraft({ ...draft, [field]: event.target.value })}
            data-testid={`budget-${field}`}
          />
        ))}
        {change.error ? <ErrorNote error={change.error} what={say("not-set")} /> : null}
        <div className={styles.buttons}>
          <Button type="submit" loading={change.isPending} data-testid="budget-save">
            {say("set")}
          </Button>
          {subject.limits ? (
            <Button
              variant="default"
              disabled={change.isPending}
              onClick={() => change.mutate(null, { onSuccess: onClose })}
              data-testid="budget-drop"
            >
              {say("drop")}
            </Button>
          ) : null}
        </div>
      </form>
    </Dialog>
  );
}
