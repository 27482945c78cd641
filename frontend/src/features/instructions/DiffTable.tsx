import type { Schema } from "@/api/types";
import { Note } from "@/components/ui/Note";
import { useWords } from "@/lib/useWords";
import styles from "./DiffTable.module.css";
import { WORDS } from "./words";

const MARKS = { same: "", added: "+", removed: "−" } as const;

/** The lines of two versions; what changes has a mark and a word beside its colour. */
export function DiffTable({ lines }: { lines: readonly Schema<"DiffLine">[] }) {
  const say = useWords(WORDS);
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  if (count("same") === lines.length) return <Note>{say("no-difference")}</Note>;
  return (
    <>
      <p className={styles.counts}>
        {say("changes", { added: count("added"), removed: count("removed") })}
      </p>

      <table className={styles.table} aria-label={say("diff")}>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.before} ${line.after}`} data-kind={line.kind}>
              <td className={styles.number}>{line.before}</td>
              <td className={styles.number}>{line.after}</td>
              <td className={styles.mark}>
                <span aria-hidden="true">{MARKS[line.kind]}</span>
                {line.kind === "same" ? null : (
                  <span className="visually-hidden">{say(line.kind)}</span>
                )}
              </td>
              <td className={styles.text}>{line.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
