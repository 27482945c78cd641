import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { Panel } from "@/components/ui/Panel";
import { useWords } from "@/lib/useWords";
import { Editor } from "./Editor";
import { PromoteForm } from "./PromoteForm";
import type { useInstructionActions } from "./useInstructionActions";
import type { Instructions } from "./useInstructions";
import styles from "./VersionPanel.module.css";
import { WORDS } from "./words";

type Props = {
  version: Instructions["versions"][number];
  labels: Instructions["labels"];
  actions: ReturnType<typeof useInstructionActions> | undefined;
  onKept: (version: number) => void;
};

/** A version's text; for operators, the ways on from it: a new version, or a promotion. */
export function VersionPanel({ version, labels, actions, onKept }: Props) {
  const say = useWords(WORDS);
  const [editing, setEditing] = useState(false);
  return (
    <Panel title={say("text", { version: version.version })} testId="instructions-text">
      {editing && actions ? (
        <Editor
          text={version.text}
          add={actions.add}
          onCancel={() => setEditing(false)}
          onKept={(made) => {
            setEditing(false);
            onKept(made);
          }}
        />
      ) : (
        <>
          <pre className={styles.text}>{version.text}</pre>
          {actions ? (
            <div className={styles.actions}>
              <Button variant="default" onClick={() => setEditing(true)} data-testid="edit">
                {say("write-new")}
              </Button>
              <PromoteForm version={version.version} labels={labels} move={actions.move} />
            </div>
          ) : null}
          <p role="status" className={styles.status}>
            {actions?.add.data?.version === version.version
              ? say("kept", { version: version.version })
              : null}
          </p>
        </>
      )}
    </Panel>
  );
}
