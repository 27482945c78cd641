import type { Schema } from "@/api/types";
import { useWords } from "@/lib/useWords";
import styles from "./ScalingNote.module.css";
import { PODS } from "./words";

/** What scaling does next in a pool, and why. */
export function ScalingNote({ scaling }: { scaling: Schema<"ScalingView"> }) {
  const say = useWords(PODS);
  const { wanted_pods, seated, waiting, headroom, prewarm, next_action, reason } = scaling;
  return (
    <p className={styles.note} data-testid="scaling-note">
      <strong>{scaling.pool}</strong>{" "}
      {say("wants", { wanted: wanted_pods, seated, waiting, headroom, prewarm })}{" "}
      <span>{say("next", { action: next_action, reason })}</span>
    </p>
  );
}
