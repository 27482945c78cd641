import { Link } from "@tanstack/react-router";
import { Pill } from "@/components/ui/Pill";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { StagePill } from "./StagePill";
import { useVerdicts } from "./useVerdicts";
import styles from "./VerdictSentence.module.css";
import { verdictWord } from "./verdictWord";
import { VERDICT } from "./verdictWords";

/** What the last night brought for the desk's policy line, in one sentence. */
export function VerdictSentence({ line }: { line: string }) {
  const query = useVerdicts(line);
  const say = useWords(VERDICT);
  const verdict = query.data?.items[0];
  const missing = query.error
    ? say("verdictMissing", { why: query.error.message })
    : say(query.isPending ? "reading" : "notJudged");
  return (
    <section className={styles.sentence} aria-label={say("lastVerdict")}>
      <span className={styles.head}>
        <span className={styles.title}>{say("lastNight")}</span>
        {verdict ? (
          <Pill tone={verdict.verdict === "promoted" ? "up" : "learning"}>
            {say(verdictWord(verdict.verdict))}
          </Pill>
        ) : null}
        {verdict ? <StagePill verdict={verdict} /> : null}
        {verdict?.synthetic ? <Pill tone="warn">{say("synthetic")}</Pill> : null}
      </span>
      <span className={styles.text}>
        <span className={styles.lines} title={verdict?.sentence} data-testid="verdict-sentence">
          {verdict ? (
            <Link to="/learning/verdicts/$id" params={{ id: verdict.id }} className={styles.link}>
              {verdict.sentence}
            </Link>
          ) : (
            missing
          )}
        </span>
      </span>
      <Freshness source={verdict?.at} />
    </section>
  );
}
