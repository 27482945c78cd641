import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./Keys.module.css";
import { WORDS } from "./words";

type Props = { text: string; onDone: () => void };

/** A key's text, to be copied now: the server keeps its hash alone. */
export function NewKeyText({ text, onDone }: Props) {
  const say = useWords(WORDS);
  const [said, setSaid] = useState<"copied" | "not-copied" | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("copied");
    } catch {
      setSaid("not-copied");
    }
  };
  return (
    <div className={styles.form}>
      <p>{say("once")}</p>
      <TextInput
        label={say("key")}
        className={styles.text ?? ""}
        readOnly
        value={text}
        onFocus={(event) => event.target.select()}
        data-testid="key-text"
        autoFocus
      />
      <p role="status">{said ? say(said) : ""}</p>
      <div className={styles.buttons}>
        <Button onClick={() => void copy()} data-testid="key-copy">
          {say("copy")}
        </Button>
        <Button variant="default" onClick={onDone}>
          {say("done")}
        </Button>
      </div>
    </div>
  );
}
