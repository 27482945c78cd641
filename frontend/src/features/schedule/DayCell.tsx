import type { Schema } from "@/api/types";
import { useWords } from "@/lib/useWords";
import type { CalendarDay } from "./calendarDays";
import styles from "./Fortnight.module.css";
import { remarkable } from "./remarkable";
import { stretches } from "./stretches";
import { useSegmentText } from "./useSegmentText";
import { SCHEDULE } from "./words";

type Props = {
  day: CalendarDay;
  segments: readonly Schema<"SegmentView">[];
  marks: readonly Schema<"DayMarkView">[];
  now: number;
};

/** One day of a lane: its segments from midnight to midnight, and what is remarkable about it. */
export function DayCell({ day, segments, marks, now }: Props) {
  const tell = useSegmentText();
  const say = useWords(SCHEDULE);
  const span = day.ends - day.starts;
  const share = (now - day.starts) / span;
  return (
    <div className={styles.cell} data-testid="day-cell" data-date={day.date}>
      <ul className={styles.track}>
        {stretches(segments, day.starts, span).map(({ segment, from, size }) => {
          const text = tell(segment);
          return (
            <li
              key={segment.starts}
              className={styles.piece}
              data-phase={segment.phase}
              style={{ left: `${from * 100}%`, width: `${size * 100}%` }}
              title={text}
            >
              <span className="visually-hidden">{text}</span>
              {segment.override ? <span aria-hidden="true">⚑</span> : null}
            </li>
          );
        })}
        {share >= 0 && share < 1 ? (
          <li className={styles.now} style={{ left: `${share * 100}%` }}>
            <span className="visually-hidden">{say("now")}</span>
          </li>
        ) : null}
      </ul>
      {remarkable(marks).map((mark) => (
        <span
          key={`${mark.kind} ${mark.detail}`}
          className={styles.mark}
          data-kind={mark.kind}
          title={mark.detail}
        >
          {say(mark.word)}
        </span>
      ))}
    </div>
  );
}
