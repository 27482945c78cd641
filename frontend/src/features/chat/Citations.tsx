import { useWords } from "@/lib/useWords";
import type { Citation } from "./answer";
import styles from "./ToolSteps.module.css";
import { CHAT } from "./words";

/** The passages that an answer rests on; each opens to what it says. */
export function Citations({ citations }: { citations: readonly Citation[] }) {
  const say = useWords(CHAT);
  if (citations.length === 0) return null;
  return (
    <ul className={styles.tools} aria-label={say("sources")}>
      {citations.map((citation) => (
        <li key={citation.id}>
          <details>
            <summary>{say("source", { title: citation.title, source: citation.source })}</summary>
            <blockquote className={styles.facts}>{citation.excerpt}</blockquote>
          </details>
        </li>
      ))}
    </ul>
  );
}
