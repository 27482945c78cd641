import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Countdown } from "@/live/Countdown";
import { useMarketNow } from "@/live/useMarketNow";
import { DayRing } from "./DayRing";
import { nextAfter } from "./nextAfter";
import styles from "./PlanNow.module.css";
import { segmentAt } from "./segmentAt";
import { SCHEDULE } from "./words";

/** For each pool: who holds it now, why, until when, and who is next. */
export function PlanNow({ plans }: { plans: readonly Schema<"PlanView">[] }) {
  const { now } = useMarketNow();
  const zone = useZone();
  const say = useWords(SCHEDULE);
  return (
    <ul className={styles.pools}>
      {plans.map((plan) => {
        const current = segmentAt(plan.segments, now);
        const next = nextAfter(plan.segments, now);
        if (!current) {
          return <li key={plan.pool}>{say("nothing", { pool: plan.pool })}</li>;
        }
        return (
          <li key={plan.pool} className={styles.pool} data-testid="plan-now">
            <DayRing pool={plan.pool} segments={plan.segments} now={now} />
            <div>
              <p className={styles.phase} data-phase={current.phase}>
                {plan.pool}: {say(current.phase)}
              </p>
              <p>
                {current.override ? "⚑ " : ""}
                {current.reason}
              </p>
              <p className={styles.next}>
                {say("until", {
                  at: formatInstant(next?.starts ?? current.ends, zone, "weekday"),
                })}{" "}
                <Countdown until={next?.starts ?? current.ends} />
              </p>
              {next ? (
                <p className={styles.next}>
                  {say("following", { phase: say(next.phase), reason: next.reason })}
                </p>
              ) : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
