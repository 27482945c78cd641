import type { Schema } from "@/api/types";
import { Pill } from "@/components/ui/Pill";
import { phaseTone } from "@/components/ui/phaseTone";
import { Countdown } from "@/live/Countdown";
import { AgentRow } from "./AgentRow";
import styles from "./PodCard.module.css";
import { SeatMap } from "./SeatMap";

type Props = { pod: Schema<"PodView">; until: string | null };

/** One pod: who holds it and why, until when, its seats and its agents. */
export function PodCard({ pod, until }: Props) {
  const beat = pod.heartbeat;
  const state = pod.draining ? "draining" : (beat?.state ?? "silent");
  return (
    <li className={styles.card} data-testid="pod-card" data-pod={pod.pod}>
      <header className={styles.head}>
        <h3>{pod.pod}</h3>
        {beat ? <Pill tone={phaseTone(beat.phase)}>{beat.phase}</Pill> : null}
        <Pill tone={state === "ready" ? "up" : "warn"}>{state}</Pill>
      </header>
      <p className={styles.why}>
        {beat ? beat.phase_reason : "No heartbeat; its desks are being moved."}
        {until && beat ? (
          <>
            {" · for "}
            <Countdown until={until} />
          </>
        ) : null}
      </p>
      <SeatMap desks={pod.desks} seats={beat?.seats ?? 10} />
      {beat ? (
        <ul className={styles.agents}>
          {beat.agents.map((agent) => (
            <AgentRow key={agent.name} agent={agent} />
          ))}
        </ul>
      ) : null}
      {beat?.last_switch ? (
        <p className={styles.meta}>
          last switch {beat.last_switch.from_phase} → {beat.last_switch.to_phase} in{" "}
          {beat.last_switch.seconds.toFixed(2)} s, {beat.last_switch.late_seconds.toFixed(2)} s late
        </p>
      ) : null}
    </li>
  );
}
