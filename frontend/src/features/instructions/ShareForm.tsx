import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./ShareForm.module.css";
import type { useInstructionActions } from "./useInstructionActions";
import { WORDS } from "./words";

type Props = { percent: number; share: ReturnType<typeof useInstructionActions>["share"] };

/** How many per cent of the users the canary answers. */
export function ShareForm({ percent, share }: Props) {
  const say = useWords(WORDS);
  const [text, setText] = useState(String(percent));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    share.mutate({ percent: Number(text), expected: percent });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label={say("share")}
        type="number"
        min={0}
        max={100}
        step={1}
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button
        type="submit"
        variant="default"
        loading={share.isPending}
        disabled={text === String(percent)}
      >
        {say("set-share")}
      </Button>
    </form>
  );
}
