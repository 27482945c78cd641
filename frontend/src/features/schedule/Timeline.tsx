import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { useMarketNow } from "@/live/useMarketNow";
import { hourMarks } from "./hourMarks";
import { LaneRow } from "./LaneRow";
import type { Lane } from "./lanesOf";
import { remarkable } from "./remarkable";
import styles from "./Timeline.module.css";
import { SCHEDULE } from "./words";

const HOUR_MS = 3600 * 1000;
const SPAN_MS = 24 * HOUR_MS;
const BEFORE_MS = 4 * HOUR_MS;

type Props = { lanes: readonly Lane[]; marks: Record<string, Schema<"DayMarkView">[]> };

/** 24 hours from four before now: a lane for each pool, hours of the zone, a marker for now. */
export function Timeline({ lanes, marks }: Props) {
  const { now } = useMarketNow();
  const zone = useZone();
  const say = useWords(SCHEDULE);
  const start = Math.floor((now - BEFORE_MS) / HOUR_MS) * HOUR_MS;
  const nowShare = (now - start) / SPAN_MS;
  const notes = Object.entries(marks).flatMap(([pool, days]) =>
    remarkable(days).map((mark) => `${pool} ${mark.day}: ${say(mark.word)}, ${mark.detail}`),
  );
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing with text inside */}
      <div className={styles.timeline} role="group" aria-label={say("plan")} data-testid="timeline">
        <div className={styles.hours} aria-hidden="true">
          {hourMarks(start, SPAN_MS, 3, zone).map((mark) => (
            <span key={mark.at} style={{ left: `${mark.share * 100}%` }}>
              {formatInstant(mark.at, zone, "time")}
            </span>
          ))}
        </div>
        {lanes.map((lane) => (
          <LaneRow key={lane.name} lane={lane} start={start} span={SPAN_MS} />
        ))}
        <div className={styles.now} style={{ left: `calc(84px + (100% - 84px) * ${nowShare})` }}>
          <span>{say("now")}</span>
        </div>
      </div>
      {notes.length ? <p className={styles.notes}>{notes.slice(0, 6).join(" · ")}</p> : null}
    </>
  );
}
