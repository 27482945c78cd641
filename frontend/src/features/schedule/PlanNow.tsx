import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import { Countdown } from "@/live/Countdown";
import { useMarketNow } from "@/live/useMarketNow";
import { DayRing } from "./DayRing";
import { nextAfter } from "./nextAfter";
import styles from "./PlanNow.module.css";
import { segmentAt } from "./segmentAt";

/** For each pool: who holds it now, why, until when, and who is next. */
export function PlanNow({ plans }: { plans: readonly Schema<"PlanView">[] }) {
  const { now } = useMarketNow();
  const zone = useZone();
  return (
    <ul className={styles.pools}>
      {plans.map((plan) => {
        const current = segmentAt(plan.segments, now);
        const next = nextAfter(plan.segments, now);
        if (!current) return null;
        return (
          <li key={plan.pool} className={styles.pool}>
            <DayRing segments={plan.segments} now={now} />
            <div>
              <p className={styles.phase} data-phase={current.phase}>
                {plan.pool}: {current.phase}
              </p>
              <p>{current.reason}</p>
              <p className={styles.next}>
                until {formatInstant(next?.starts ?? current.ends, zone, "weekday")} · in{" "}
                <Countdown until={next?.starts ?? current.ends} />
                {next ? ` · then ${next.phase} (${next.reason})` : ""}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
