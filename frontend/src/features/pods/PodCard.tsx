import type { Schema } from "@/api/types";
import { Pill } from "@/components/ui/Pill";
import { phaseTone } from "@/components/ui/phaseTone";
import { useWords } from "@/lib/useWords";
import { Countdown } from "@/live/Countdown";
import { AgentRow } from "./AgentRow";
import { stateOf } from "./filterPods";
import { MemoryBar } from "./MemoryBar";
import { memoryByAgent } from "./memoryByAgent";
import styles from "./PodCard.module.css";
import { SeatMap } from "./SeatMap";
import { PODS } from "./words";

type Props = { pod: Schema<"PodView">; until: string | null };

/** One pod: who holds it and why, until when, its seats and its agents. */
export function PodCard({ pod, until }: Props) {
  const beat = pod.heartbeat;
  const say = useWords(PODS);
  const state = stateOf(pod);
  return (
    <li className={styles.card} data-testid="pod-card" data-pod={pod.pod}>
      <header className={styles.head}>
        <h3>{pod.pod}</h3>
        {beat ? <Pill tone={phaseTone(beat.phase)}>{say(beat.phase)}</Pill> : null}
        <Pill tone={state === "ready" ? "up" : "warn"}>{say(state)}</Pill>
      </header>
      <p className={styles.why}>
        {beat ? beat.phase_reason : say("noBeat")}
        {until && beat ? (
          <>
            {` · ${say("lasting")} `}
            <Countdown until={until} />
          </>
        ) : null}
      </p>
      <SeatMap desks={pod.desks} seats={beat?.seats ?? 10} />
      {beat ? (
        <>
          <MemoryBar pod={pod.pod} held={memoryByAgent(beat.agents)} />
          <ul className={styles.agents}>
            {beat.agents.map((agent) => (
              <AgentRow key={agent.name} agent={agent} />
            ))}
          </ul>
        </>
      ) : null}
      {beat?.last_switch ? (
        <p className={styles.meta}>
          {say("lastSwitch", {
            from: say(beat.last_switch.from_phase),
            to: say(beat.last_switch.to_phase),
            took: beat.last_switch.seconds.toFixed(2),
            late: beat.last_switch.late_seconds.toFixed(2),
          })}
        </p>
      ) : null}
    </li>
  );
}
