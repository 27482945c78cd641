import type { Citation } from "./answer";
import styles from "./ToolSteps.module.css";

/** The passages that an answer rests on; each opens to what it says. */
export function Citations({ citations }: { citations: readonly Citation[] }) {
  if (citations.length === 0) return null;
  return (
    <ul className={styles.tools} aria-label="Sources">
      {citations.map((citation) => (
        <li key={citation.id}>
          <details>
            <summary>
              Source: {citation.title} ({citation.source})
            </summary>
            <blockquote className={styles.facts}>{citation.excerpt}</blockquote>
          </details>
        </li>
      ))}
    </ul>
  );
}
