import type { ReactNode } from "react";
import styles from "./Note.module.css";

type Props = { busy?: boolean; children: ReactNode };

/** A quiet line where there is nothing to show yet, and why. `busy`: it is on its way. */
export function Note({ busy, children }: Props) {
  return (
    <p className={styles.note} aria-busy={busy || undefined}>
      {children}
    </p>
  );
}
