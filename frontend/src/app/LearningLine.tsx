import { Link } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { QueryGate } from "@/components/ui/QueryGate";
import { CurvesPanel } from "@/features/learning/CurvesPanel";
import { LineagePanel } from "@/features/learning/LineagePanel";
import { OutOfSamplePanel } from "@/features/learning/OutOfSamplePanel";
import { ShadowPanel } from "@/features/learning/ShadowPanel";
import { useLine } from "@/features/learning/useLine";
import { useVerdicts } from "@/features/learning/useVerdicts";
import { VerdictList } from "@/features/learning/VerdictList";
import { LEARNING } from "@/features/learning/words";
import { useWords } from "@/lib/useWords";
import type { LearningSearch } from "./learningSearch";
import styles from "./OperatorPage.module.css";

type Props = {
  line: string;
  search: LearningSearch;
  onSelect: (change: { night?: string; metric?: string }) => void;
};

/** One line: how it learns, its last verdict, its replays, every policy and every verdict. */
export function LearningLine({ line, search, onSelect }: Props) {
  const detail = useLine(line);
  const verdict = useVerdicts(line).data?.items[0];
  const operates = useSession((state) => state.user?.role === "operator");
  const say = useWords(LEARNING);
  return (
    <>
      <div className={styles.columns}>
        <div className={styles.side}>
          <CurvesPanel
            line={line}
            night={search.night}
            metric={search.metric}
            onSelect={onSelect}
          />
          {verdict ? <OutOfSamplePanel verdict={verdict} /> : null}
        </div>
        <div className={styles.side}>
          <ShadowPanel line={line} />
          <VerdictList line={line} />
        </div>
      </div>
      <QueryGate query={detail} what={say("lineage")}>
        {(known) => (
          <LineagePanel
            line={known}
            mayMove={operates}
            readAt={detail.dataUpdatedAt}
            sheet={(verdict, text) => (
              <Link to="/learning/verdicts/$id" params={{ id: verdict }}>
                {text}
              </Link>
            )}
          />
        )}
      </QueryGate>
    </>
  );
}
