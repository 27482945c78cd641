import { type ComponentProps, useState } from "react";
import { IconButton } from "./IconButton";
import styles from "./PasswordInput.module.css";
import { TextInput } from "./TextInput";

type Props = ComponentProps<typeof TextInput> & { showLabel: string };

/** A password, which may be looked at while it is typed. `showLabel` names the button for that. */
export function PasswordInput({ showLabel, ...input }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.password}>
      <TextInput {...input} type={shown ? "text" : "password"} />
      <IconButton
        label={showLabel}
        aria-pressed={shown}
        className={styles.eye ?? ""}
        onClick={() => setShown(!shown)}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none">
          <path d="M1 8q7-9 14 0q-7 9-14 0z" stroke="currentColor" />
          <circle cx="8" cy="8" r="2.2" fill="currentColor" />
        </svg>
      </IconButton>
    </div>
  );
}
