import { formatInstant } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import type { Lane } from "./lanesOf";
import { stretches } from "./stretches";
import styles from "./Timeline.module.css";

type Props = { lane: Lane; start: number; span: number };

/** One pool's or pod's segments. What an override imposes is hatched and says so. */
export function LaneRow({ lane, start, span }: Props) {
  const zone = useZone();
  return (
    <div className={styles.lane}>
      <span className={styles.name}>{lane.name}</span>
      <ul className={styles.track}>
        {stretches(lane.segments, start, span).map(({ segment, from, size }) => {
          const says = `${segment.phase}, ${formatInstant(segment.starts, zone, "weekday")} to ${formatInstant(segment.ends, zone, "weekday")}: ${segment.reason}`;
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
                {segment.override ? `⚑ ${segment.phase}` : segment.phase}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
