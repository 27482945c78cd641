import type { Schema } from "@/api/types";
import styles from "./ScalingNote.module.css";

/** What scaling does next in a pool, and why. */
export function ScalingNote({ scaling }: { scaling: Schema<"ScalingView"> }) {
  return (
    <p className={styles.note} data-testid="scaling-note">
      <strong>{scaling.pool}</strong> wants {scaling.wanted_pods} pods for {scaling.seated} seated,{" "}
      {scaling.waiting} waiting, {scaling.headroom} headroom, {scaling.prewarm} pre-warmed.{" "}
      <span>
        Next: {scaling.next_action} ({scaling.reason})
      </span>
    </p>
  );
}
