import { usePreferences } from "@/lib/preferences";
import { formatInstant, zoneName } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { ZONE_CHOICES, type ZoneChoice } from "@/lib/zones";
import { useMarketNow } from "@/live/useMarketNow";
import styles from "./MarketClock.module.css";
import { WORDS } from "./words";

/** Market time by the clock anchor, how fast it runs, and the zone that every time is shown in. */
export function MarketClock() {
  const { now, speed, known } = useMarketNow();
  const choice = usePreferences((state) => state.zone);
  const say = useWords(WORDS);
  const zone = useZone();
  return (
    <div className={styles.clock}>
      <time dateTime={new Date(now).toISOString()} className={styles.time} title={say("time")}>
        {known ? `${formatInstant(now, zone, "day")} ${formatInstant(now, zone, "time")}` : "—"}
      </time>
      {speed !== 1 ? (
        <span className={styles.speed} title={say("faster", { speed })}>
          ×{speed}
        </span>
      ) : null}
      <select
        aria-label={say("zone")}
        data-testid="zone"
        data-tour="zone"
        className={styles.zone}
        value={choice}
        onChange={(event) => usePreferences.setState({ zone: event.target.value as ZoneChoice })}
      >
        {ZONE_CHOICES.map((each) => (
          <option key={each} value={each}>
            {say(`zone-${each}`)}
            {each === choice ? ` (${zoneName(now, zone)})` : ""}
          </option>
        ))}
      </select>
    </div>
  );
}
