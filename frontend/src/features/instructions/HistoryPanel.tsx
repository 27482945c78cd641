import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { Panel } from "@/components/ui/Panel";
import { Table } from "@/components/ui/Table";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import styles from "./HistoryPanel.module.css";
import { LABELS, type Label } from "./label";
import { useMoves } from "./useMoves";
import { WORDS } from "./words";

/** Every move of a label, by whom and why. */
export function HistoryPanel() {
  const say = useWords(WORDS);
  const zone = useZone();
  const [label, setLabel] = useState<Label>("production");
  const { data, dataUpdatedAt, error, hasNextPage, fetchNextPage, refetch } = useMoves(label);
  const moves = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title={say("history")}
      status={<Freshness readAt={dataUpdatedAt} />}
      testId="instructions-history"
    >
      <NativeSelect
        label={say("label")}
        className={styles.label ?? ""}
        data={LABELS.map((value) => ({ value, label: say(value) }))}
        value={label}
        onChange={(event) => setLabel(event.target.value as Label)}
      />
      {error ? <ErrorNote error={error} what={say("no-history")} onRetry={refetch} /> : null}
      <div className={styles.moves}>
        <Table
          label={say("history")}
          head={[say("at"), say("what"), say("from"), say("to"), say("who"), say("why")]}
          numeric={[2, 3]}
        >
          {moves.map((move) => (
            <tr key={move.revision}>
              <td>{formatInstant(move.moved_at, zone, "full")}</td>
              <td>{say(`kind-${move.kind}`)}</td>
              <td className={styles.number}>{move.previous ?? "—"}</td>
              <td className={styles.number}>{move.version ?? "—"}</td>
              <td>{move.moved_by}</td>
              <td>{move.reason}</td>
            </tr>
          ))}
        </Table>
      </div>
      {hasNextPage ? (
        <Button variant="default" size="compact-xs" onClick={() => void fetchNextPage()}>
          {say("more")}
        </Button>
      ) : null}
    </Panel>
  );
}
