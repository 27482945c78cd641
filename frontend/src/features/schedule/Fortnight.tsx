import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import type { CalendarDay } from "./calendarDays";
import { DayCell } from "./DayCell";
import styles from "./Fortnight.module.css";
import type { Lane } from "./lanesOf";
import { SCHEDULE } from "./words";

export type Shown = {
  lanes: readonly Lane[];
  days: readonly CalendarDay[];
  marks: Record<string, Schema<"DayMarkView">[]>;
};

/** A lane for each pool (and pod with a plan of its own), a column for each day of the zone. */
export function Fortnight({ lanes, days, marks, now }: Shown & { now: number }) {
  const zone = useZone();
  const say = useWords(SCHEDULE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, by keyboard as well
    <section className={styles.scroll} aria-label={say("fortnight")} tabIndex={0}>
      <div className={styles.grid} style={{ "--days": days.length } as React.CSSProperties}>
        <span className={styles.corner} aria-hidden="true" />
        {days.map((day) => (
          <span key={day.date} className={styles.date} aria-hidden="true">
            {formatInstant(day.starts, zone, "date")}
          </span>
        ))}
        {lanes.map((lane) => (
          <LaneOfDays
            key={lane.name}
            lane={lane}
            days={days}
            marks={marks[lane.pool] ?? []}
            now={now}
          />
        ))}
      </div>
      <p className={styles.help}>{say("fortnightHelp")}</p>
    </section>
  );
}

type LaneProps = {
  lane: Lane;
  days: readonly CalendarDay[];
  marks: readonly Schema<"DayMarkView">[];
  now: number;
};

function LaneOfDays({ lane, days, marks, now }: LaneProps) {
  return (
    <>
      <span className={styles.name}>{lane.name}</span>
      {days.map((day) => (
        <DayCell
          key={day.date}
          day={day}
          segments={lane.segments}
          marks={marks.filter((mark) => mark.day === day.date)}
          now={now}
        />
      ))}
    </>
  );
}
