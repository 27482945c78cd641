import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import { LABELS, type Label } from "./label";
import styles from "./PromoteForm.module.css";
import type { useInstructionActions } from "./useInstructionActions";
import type { Instructions } from "./useInstructions";
import { WORDS } from "./words";

type Props = {
  version: number;
  labels: Instructions["labels"];
  move: ReturnType<typeof useInstructionActions>["move"];
};

/** Points a label at a version; refused when somebody moved it since it was last shown. */
export function PromoteForm({ version, labels, move }: Props) {
  const say = useWords(WORDS);
  const [label, setLabel] = useState<Label>("production");
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expected = labels[label] ?? null;
    move.mutate({ label, version, expected, reason }, { onSuccess: () => setReason("") });
  };
  const moved = move.data?.version === version && !move.isPending ? move.data : null;
  return (
    <form className={styles.form} onSubmit={submit}>
      <NativeSelect
        label={say("promote-to")}
        data={LABELS.map((value) => ({ value, label: say(value) }))}
        value={label}
        onChange={(event) => setLabel(event.target.value as Label)}
        data-testid="promote-to"
      />
      <TextInput
        label={say("reason")}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button
        type="submit"
        loading={move.isPending}
        disabled={labels[label] === version}
        data-testid="promote"
      >
        {say("promote", { version })}
      </Button>
      {move.error ? <ErrorNote error={move.error} what={say("moved")} /> : null}
      <p role="status" className={styles.done}>
        {moved ? say("promoted", { label: say(moved.label as Label), version }) : null}
      </p>
    </form>
  );
}
