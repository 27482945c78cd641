import { NativeSelect } from "@/components/ui/NativeSelect";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import styles from "./DiffPanel.module.css";
import { DiffTable } from "./DiffTable";
import { useDiff } from "./useDiff";
import { WORDS } from "./words";

type Props = {
  versions: readonly number[];
  before: number;
  after: number;
  /** When the versions were last read; what is between two of them never changes. */
  readAt: number;
  onBefore: (version: number) => void;
};

/** What changes from another version to the one that is shown. */
export function DiffPanel({ versions, before, after, readAt, onBefore }: Props) {
  const say = useWords(WORDS);
  const query = useDiff(before, after);
  return (
    <Panel title={say("diff")} status={<Freshness readAt={readAt} />} testId="instructions-diff">
      <NativeSelect
        label={say("against")}
        className={styles.against ?? ""}
        data={versions.map((value) => ({
          value: String(value),
          label: say("version", { version: value }),
        }))}
        value={String(before)}
        onChange={(event) => onBefore(Number(event.target.value))}
        data-testid="against"
      />
      <QueryGate query={query} what={say("diff")}>
        {(diff) => <DiffTable lines={diff.lines} />}
      </QueryGate>
    </Panel>
  );
}
