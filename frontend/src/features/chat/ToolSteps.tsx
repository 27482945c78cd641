import { useWords } from "@/lib/useWords";
import type { ToolStep } from "./answer";
import styles from "./ToolSteps.module.css";
import { CHAT } from "./words";

/** The tools that were asked, each with the facts that it returned. */
export function ToolSteps({ tools }: { tools: readonly ToolStep[] }) {
  const say = useWords(CHAT);
  if (tools.length === 0) return null;
  return (
    <ul className={styles.tools} aria-label={say("tools")}>
      {tools.map((tool, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever appended
        <li key={index}>
          <details>
            <summary>
              {say("facts", { tool: tool.name.replaceAll("_", " "), count: tool.facts.length })}
            </summary>
            <dl className={styles.facts}>
              {tool.facts.map((fact) => (
                <div key={fact.id}>
                  <dt>{fact.label}</dt>
                  <dd>
                    {fact.value} {fact.unit} {fact.stale ? say("stale") : null}
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
