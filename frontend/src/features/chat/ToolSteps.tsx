import type { ToolStep } from "./answer";
import styles from "./ToolSteps.module.css";

/** The tools that were asked, each with the facts that it returned. */
export function ToolSteps({ tools }: { tools: readonly ToolStep[] }) {
  if (tools.length === 0) return null;
  return (
    <ul className={styles.tools} aria-label="What was looked up">
      {tools.map((tool, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever appended
        <li key={index}>
          <details>
            <summary>
              {tool.name.replaceAll("_", " ")} ·{" "}
              {tool.facts.length === 1 ? "1 fact" : `${tool.facts.length} facts`}
            </summary>
            <dl className={styles.facts}>
              {tool.facts.map((fact) => (
                <div key={fact.id}>
                  <dt>{fact.label}</dt>
                  <dd>
                    {fact.value} {fact.unit}
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        </li>
      ))}
    </ul>
  );
}
