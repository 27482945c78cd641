import type { ReactNode } from "react";
import styles from "./Note.module.css";

/** A quiet line where there is nothing to show yet, and why. */
export function Note({ children }: { children: ReactNode }) {
  return <p className={styles.note}>{children}</p>;
}
