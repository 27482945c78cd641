import type { Schema } from "@/api/types";
import { Pill } from "@/components/ui/Pill";
import { useWords } from "@/lib/useWords";
import styles from "./PairView.module.css";
import type { Pair } from "./readPairs";
import { WORDS } from "./words";

type Answer = Schema<"VersionAnswer">;

/** A question with what both versions answer; once where they say the same. */
export function PairView({ pair }: { pair: Pair }) {
  const say = useWords(WORDS);
  const same = pair.before.text === pair.after.text && !pair.before.error && !pair.after.error;
  const shown: [string, Answer][] = same
    ? [[say("same"), pair.after]]
    : [pair.before, pair.after].map((one) => [say("short-version", { version: one.version }), one]);
  return (
    <li data-testid="pair">
      <h3 className={styles.question}>{pair.question}</h3>
      <div className={styles.answers}>
        {shown.map(([name, answer]) => (
          <div key={name} className={styles.answer}>
            <span className={styles.head}>
              <Pill tone="plain">{name}</Pill>
              {answer.written_by ? (
                <span className={styles.by}>
                  {say("by", { who: answer.written_by, seconds: answer.seconds.toFixed(1) })}
                </span>
              ) : null}
              {answer.error || answer.grounded ? null : <Pill tone="warn">{say("no-source")}</Pill>}
            </span>
            <p className={styles.text} data-error={answer.error ? true : undefined}>
              {answer.error || answer.text}
            </p>
          </div>
        ))}
      </div>
    </li>
  );
}
