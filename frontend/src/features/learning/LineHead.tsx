import type { Schema } from "@/api/types";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { useWords } from "@/lib/useWords";
import styles from "./CurvesPanel.module.css";
import { shortPolicy } from "./shortPolicy";
import { LEARNING } from "./words";

type Props = {
  lines: readonly Schema<"LineView">[];
  line: Schema<"LineView">;
  onSelect: (line: string) => void;
};

/** Which line is looked at, and what trades for it. */
export function LineHead({ lines, line, onSelect }: Props) {
  const say = useWords(LEARNING);
  return (
    <div className={styles.choices}>
      <NativeSelect
        label={say("line")}
        data={lines.map((each) => each.id)}
        value={line.id}
        onChange={({ target }) => onSelect(target.value)}
        data-testid="line-select"
      />
      <p>
        {say("champion")}: <code title={line.champion}>{shortPolicy(line.champion)}</code> ·{" "}
        {say("trials", { count: line.trials })} · {say("desks", { count: line.desks })}
      </p>
    </div>
  );
}
