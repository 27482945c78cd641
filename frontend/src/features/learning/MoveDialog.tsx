import { type FormEvent, useState } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./MoveDialog.module.css";
import { shortPolicy } from "./shortPolicy";
import { type Move, usePolicyMove } from "./usePolicyMove";
import { LEARNING } from "./words";

export type Asked = { move: Move; policy: Schema<"PolicyView"> };

type Props = { line: string; asked: Asked | null; onClose: () => void };

const WORDS = { approve: "approve", reject: "reject", rollback: "rollBack" } as const;

/** Asks for the reason, says what follows, and only then acts. */
export function MoveDialog({ line, asked, onClose }: Props) {
  const [reason, setReason] = useState("");
  const act = usePolicyMove(line);
  const say = useWords(LEARNING);
  const close = () => {
    setReason("");
    act.reset();
    onClose();
  };
  const word = WORDS[asked?.move ?? "approve"];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!asked) return;
    const { move, policy } = asked;
    act.mutate({ move, policy: policy.id, reason: reason.trim() }, { onSuccess: close });
  };
  return (
    <Dialog
      opened={asked !== null}
      onClose={close}
      title={say(`${word}Of`, { policy: shortPolicy(asked?.policy.id ?? "") })}
    >
      <form className={styles.form} onSubmit={submit}>
        <p>{say(`${word}Says`, { policy: shortPolicy(asked?.policy.predecessor ?? "") })}</p>
        <TextInput
          label={say("reason")}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-testid="move-reason"
        />
        {act.error ? <ErrorNote error={act.error} what={say("notDone")} /> : null}
        <Button
          type="submit"
          color={asked?.move === "approve" ? "accent" : "red"}
          loading={act.isPending}
          disabled={!reason.trim()}
          data-testid="move-submit"
        >
          {say(word)}
        </Button>
      </form>
    </Dialog>
  );
}
