import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import styles from "./OverridePreview.module.css";

/** What an override would change, stretch by stretch, before it is confirmed. */
export function OverridePreview({ preview }: { preview: Schema<"PreviewAnswer"> }) {
  const zone = useZone();
  return (
    <div className={styles.preview} role="status" data-testid="override-changes">
      {preview.changes.length === 0 ? <p>It would change nothing.</p> : null}
      <ul>
        {preview.changes.map((change) => (
          <li key={`${change.pool} ${change.pod} ${change.starts}`}>
            <strong>{change.pod ?? change.pool}</strong>{" "}
            {formatInstant(change.starts, zone, "weekday")} to{" "}
            {formatInstant(change.ends, zone, "weekday")}: <s>{change.before.phase}</s> →{" "}
            <strong>{change.after.phase}</strong>
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
