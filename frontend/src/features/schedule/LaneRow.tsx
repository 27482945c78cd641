import { useWords } from "@/lib/useWords";
import type { Lane } from "./lanesOf";
import { stretches } from "./stretches";
import styles from "./Timeline.module.css";
import { useSegmentText } from "./useSegmentText";
import { SCHEDULE } from "./words";

type Props = { lane: Lane; start: number; span: number };

/** One pool's or pod's segments. What an override imposes is hatched and says so. */
export function LaneRow({ lane, start, span }: Props) {
  const tell = useSegmentText();
  const say = useWords(SCHEDULE);
  return (
    <div className={styles.lane}>
      <span className={styles.name}>{lane.name}</span>
      <ul className={styles.track}>
        {stretches(lane.segments, start, span).map(({ segment, from, size }) => {
          const says = tell(segment);
          return (
            <li
              key={segment.starts}
              className={styles.segment}
              data-phase={segment.phase}
              data-override={segment.override !== null}
              style={{ left: `${from * 100}%`, width: `${size * 100}%` }}
              title={says}
            >
              <span className="visually-hidden">{says}</span>
              <span aria-hidden="true">
                {segment.override ? "⚑ " : ""}
                {say(segment.phase)}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
