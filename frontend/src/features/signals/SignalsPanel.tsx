import { useState } from "react";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Freshness } from "@/live/Freshness";
import { ExplanationDialog } from "./ExplanationDialog";
import { SignalItem } from "./SignalItem";
import styles from "./SignalsPanel.module.css";
import type { SignalRow } from "./signalRow";
import { useSignals } from "./useSignals";

const SHOWN = 60;

export function SignalsPanel({ onShow }: { onShow: (instrument: string) => void }) {
  const { query, rows } = useSignals();
  const [explained, setExplained] = useState<SignalRow | null>(null);
  const open = (row: SignalRow) => {
    onShow(row.instrument);
    setExplained(row);
  };
  return (
    <Panel
      title="Signals"
      flush
      className={styles.panel}
      testId="signals-list"
      status={<Freshness source={rows[0]?.bar_end} />}
    >
      <QueryGate query={query} what="Signals">
        {() =>
          rows.length === 0 ? (
            <Note>No signals yet. They come at a bar's end while the desk's pod is trading.</Note>
          ) : (
            <ul>
              {rows.slice(0, SHOWN).map((row) => (
                <SignalItem key={row.id} row={row} onOpen={open} />
              ))}
            </ul>
          )
        }
      </QueryGate>
      <ExplanationDialog row={explained} onClose={() => setExplained(null)} />
    </Panel>
  );
}
