import { Pill } from "@/components/ui/Pill";
import { Freshness } from "@/live/Freshness";
import { StagePill } from "./StagePill";
import { useVerdicts } from "./useVerdicts";
import styles from "./VerdictSentence.module.css";
import { verdictWords } from "./verdictWords";

/** What the last night brought for the desk's policy line, in one sentence. */
export function VerdictSentence({ line }: { line: string }) {
  const query = useVerdicts(line);
  const verdict = query.data?.items[0];
  const missing = query.error
    ? `The last verdict cannot be shown. ${query.error.message}`
    : "No night has been judged yet.";
  return (
    <section className={styles.sentence} aria-label="Last learning verdict">
      <span className={styles.title}>Last night</span>
      {verdict ? (
        <Pill tone={verdict.verdict === "promoted" ? "up" : "learning"}>
          {verdictWords(verdict.verdict)}
        </Pill>
      ) : null}
      {verdict ? <StagePill verdict={verdict} /> : null}
      <span className={styles.text} data-testid="verdict-sentence">
        {verdict?.sentence ?? missing}
      </span>
      {verdict?.synthetic ? <Pill tone="warn">synthetic</Pill> : null}
      <Freshness source={verdict?.at} />
    </section>
  );
}
