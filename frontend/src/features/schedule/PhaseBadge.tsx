import { useQuery } from "@tanstack/react-query";
import { Pill } from "@/components/ui/Pill";
import { phaseTone } from "@/components/ui/phaseTone";
import { useWords } from "@/lib/useWords";
import { Countdown } from "@/live/Countdown";
import { useLive } from "@/live/store";
import { useMarketNow } from "@/live/useMarketNow";
import { isPhase } from "./isPhase";
import styles from "./PhaseBadge.module.css";
import { PHASES_SAID } from "./phaseWords";
import { scheduleQuery } from "./scheduleQuery";
import { segmentAt } from "./segmentAt";

/** What holds the desk's pod now and until when; without a pod, what the plan says. */
export function PhaseBadge() {
  const live = useLive((state) => state.phase);
  const schedule = useQuery({ ...scheduleQuery, enabled: live === null });
  const market = useMarketNow();
  const say = useWords(PHASES_SAID);
  const planned = segmentAt(schedule.data?.plans[0]?.segments ?? [], market.now);
  const phase = live?.phase ?? planned?.phase;
  const until = live?.until ?? planned?.ends;
  if (!phase) return null;
  return (
    <span className={styles.badge}>
      <Pill
        tone={phaseTone(phase)}
        testId="phase-badge"
        title={live?.reason ?? planned?.reason ?? ""}
      >
        {isPhase(phase) ? say(phase) : phase}
      </Pill>
      {until ? (
        <span className={styles.until}>
          {say("lasting")} <Countdown until={until} brief />
        </span>
      ) : null}
    </span>
  );
}
