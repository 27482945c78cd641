import type { ReactNode } from "react";
import styles from "./Pill.module.css";

export type Tone = "accent" | "learning" | "paused" | "up" | "down" | "warn" | "alarm" | "plain";

type Props = { tone: Tone; children: ReactNode; testId?: string; title?: string };

/** A short word with a tone; the word says it, the colour only helps. */
export function Pill({ tone, children, testId, title }: Props) {
  return (
    <span className={styles.pill} data-tone={tone} data-testid={testId} title={title}>
      {children}
    </span>
  );
}
