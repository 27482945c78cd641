import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import styles from "./OverridePreview.module.css";
import { SCHEDULE } from "./words";

/** What an override would change, stretch by stretch, before it is confirmed. */
export function OverridePreview({ preview }: { preview: Schema<"PreviewAnswer"> }) {
  const zone = useZone();
  const say = useWords(SCHEDULE);
  return (
    <div className={styles.preview} role="status" data-testid="override-changes">
      {preview.changes.length === 0 ? <p>{say("changesNothing")}</p> : null}
      <ul>
        {preview.changes.map((change) => (
          <li key={`${change.pool} ${change.pod} ${change.starts}`}>
            <strong>{change.pod ?? change.pool}</strong>{" "}
            {say("change", {
              from: formatInstant(change.starts, zone, "weekday"),
              to: formatInstant(change.ends, zone, "weekday"),
            })}{" "}
            <s>{say(change.before.phase)}</s> → <strong>{say(change.after.phase)}</strong>
          </li>
        ))}
      </ul>
      {preview.warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          {warning}
        </p>
      ))}
    </div>
  );
}
