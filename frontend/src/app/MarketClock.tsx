import { usePreferences } from "@/lib/preferences";
import { formatInstant, zoneName } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import { ZONE_CHOICES, type ZoneChoice } from "@/lib/zones";
import { useMarketNow } from "@/live/useMarketNow";
import styles from "./MarketClock.module.css";

/** Market time by the clock anchor, how fast it runs, and the zone that every time is shown in. */
export function MarketClock() {
  const { now, speed, known } = useMarketNow();
  const { zone: choice, setZone } = usePreferences();
  const zone = useZone();
  return (
    <div className={styles.clock}>
      <time dateTime={new Date(now).toISOString()} className={styles.time} title="Market time">
        {known ? `${formatInstant(now, zone, "day")} ${formatInstant(now, zone, "time")}` : "—"}
      </time>
      {speed !== 1 ? (
        <span className={styles.speed} title={`Market time runs ${speed} times as fast`}>
          ×{speed}
        </span>
      ) : null}
      <select
        aria-label="Time zone"
        className={styles.zone}
        value={choice}
        onChange={(event) => setZone(event.target.value as ZoneChoice)}
      >
        {ZONE_CHOICES.map((each) => (
          <option key={each} value={each}>
            {each === choice ? `${each} (${zoneName(now, zone)})` : each}
          </option>
        ))}
      </select>
    </div>
  );
}
