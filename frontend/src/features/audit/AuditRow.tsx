import type { Schema } from "@/api/types";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import styles from "./AuditPanel.module.css";
import { changesOf } from "./changesOf";
import { WORDS } from "./words";

type Props = { row: Schema<"AuditView">; onSubject: (subject: string) => void };

export function AuditRow({ row, onSubject }: Props) {
  const zone = useZone();
  const say = useWords(WORDS);
  const changes = changesOf(row.before, row.after);
  return (
    <tr data-testid="audit-row">
      <td className="num">{row.number}</td>
      <td>{formatInstant(row.at, zone, "full")}</td>
      <td>{row.actor}</td>
      <td>{row.action.replaceAll("_", " ")}</td>
      <td>
        <button
          type="button"
          className={styles.subject}
          aria-label={say("only", { subject: row.subject })}
          onClick={() => onSubject(row.subject)}
        >
          {row.subject}
        </button>
      </td>
      <td className={styles.changes}>
        <details>
          <summary>{say("fields", { count: changes.length })}</summary>
          <dl>
            {changes.map((change) => (
              <div key={change.field}>
                <dt>{change.field}</dt>
                <dd>
                  {change.before === null ? null : <s>{change.before}</s>}{" "}
                  {change.after === null ? null : <strong>{change.after}</strong>}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      </td>
    </tr>
  );
}
