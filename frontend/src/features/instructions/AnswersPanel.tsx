import { ErrorNote } from "@/components/ui/ErrorNote";
import { Panel } from "@/components/ui/Panel";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import styles from "./AnswersPanel.module.css";
import { LabelRow } from "./LabelRow";
import { LABELS } from "./label";
import { ShareForm } from "./ShareForm";
import type { useInstructionActions } from "./useInstructionActions";
import type { Instructions } from "./useInstructions";
import { WORDS } from "./words";

type Props = {
  found: Instructions;
  readAt: number;
  /** Undefined for who may only look. */
  actions: ReturnType<typeof useInstructionActions> | undefined;
};

/** Which version answers whom: the labels, and the canary's share. */
export function AnswersPanel({ found, readAt, actions }: Props) {
  const say = useWords(WORDS);
  const error = actions?.rollBack.error ?? actions?.remove.error ?? actions?.share.error;
  const back = actions?.rollBack.data;
  return (
    <Panel title={say("who-answers")} status={<Freshness readAt={readAt} />} testId="answers">
      <ul className={styles.labels}>
        {LABELS.map((label) => (
          <LabelRow
            key={label}
            label={label}
            version={found.labels[label] ?? null}
            percent={found.canary_percent}
            actions={actions}
          />
        ))}
      </ul>
      {actions && found.labels.canary !== undefined ? (
        <ShareForm
          key={found.canary_percent}
          percent={found.canary_percent}
          share={actions.share}
        />
      ) : null}
      {actions ? null : <p className={styles.note}>{say("read-only")}</p>}
      {error ? <ErrorNote error={error} what={say("moved")} /> : null}
      <p role="status" className={styles.note}>
        {back && !error
          ? say("roll-done", {
              label: back.label,
              version: back.version === null ? say("nowhere") : String(back.version),
            })
          : null}
      </p>
    </Panel>
  );
}
