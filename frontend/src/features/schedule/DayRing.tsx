import type { Schema } from "@/api/types";
import styles from "./DayRing.module.css";
import { ringArc } from "./ringArc";
import { stretches } from "./stretches";

type Props = { segments: readonly Schema<"SegmentView">[]; now: number };

/** The next 24 hours as a ring that begins at the top with now. Its text stands beside it. */
export function DayRing({ segments, now }: Props) {
  return (
    <svg viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
      {stretches(segments, now).map(({ segment, from, size }) => (
        <path
          key={segment.starts}
          d={ringArc(from, Math.max(size - 0.008, 0.002), 26, 32)}
          className={styles.arc}
          data-phase={segment.phase}
        />
      ))}
      <line x1="32" x2="32" y1="0" y2="13" className={styles.now} />
    </svg>
  );
}
