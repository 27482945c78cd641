import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import styles from "./DayRing.module.css";
import { hourMarks } from "./hourMarks";
import { ringArc, ringPoint } from "./ringArc";
import { stretches } from "./stretches";
import { SCHEDULE } from "./words";

const DAY_MS = 24 * 3600 * 1000;
const MIDDLE = 80;
const ARC = 56;
const LABEL = 73;

type Props = { pool: string; segments: readonly Schema<"SegmentView">[]; now: number };

/** The next 24 hours as a ring that begins at the top with now, with the hours of the zone. */
export function DayRing({ pool, segments, now }: Props) {
  const zone = useZone();
  const say = useWords(SCHEDULE);
  const minute = Math.floor(now / 60_000) * 60_000;
  const parts = stretches(segments, minute);
  const held = parts[0]?.segment.phase;
  const text = parts.map(({ segment }) =>
    say("stretch", {
      phase: say(segment.phase),
      from: formatInstant(segment.starts, zone, "weekday"),
      to: formatInstant(segment.ends, zone, "weekday"),
    }),
  );
  return (
    <svg
      viewBox="0 0 160 160"
      className={styles.ring}
      role="img"
      aria-label={say("ring", { pool, parts: text.join("; ") })}
      data-testid="day-ring"
    >
      {parts.map(({ segment, from, size }) => (
        <path
          key={segment.starts}
          d={ringArc(from, Math.max(size - 0.004, 0.002), ARC, MIDDLE)}
          className={styles.arc}
          data-phase={segment.phase}
          data-override={segment.override !== null}
        />
      ))}
      {hourMarks(minute, DAY_MS, 3, zone).map(({ at, share }) => {
        const [x, y] = ringPoint(share, LABEL, MIDDLE);
        return (
          <text key={at} x={x} y={y} className={styles.hour}>
            {formatInstant(at, zone, "time").slice(0, 2)}
          </text>
        );
      })}
      <line x1={MIDDLE} x2={MIDDLE} y1="14" y2="36" className={styles.now} />
      <text x={MIDDLE} y={MIDDLE} className={styles.middle}>
        {held ? say(held) : "—"}
      </text>
    </svg>
  );
}
