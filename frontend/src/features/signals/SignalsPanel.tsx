import { useState } from "react";
import { lazyPart } from "@/components/lazyPart";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { SignalItem } from "./SignalItem";
import styles from "./SignalsPanel.module.css";
import type { SignalRow } from "./signalRow";
import { useSignals } from "./useSignals";
import { SIGNALS } from "./words";

const SHOWN = 60;

/** Loaded when the first signal is opened. */
const ExplanationDialog = lazyPart(
  async () => (await import("./ExplanationDialog")).ExplanationDialog,
);

export function SignalsPanel({ onShow }: { onShow: (instrument: string) => void }) {
  const { query, rows } = useSignals();
  const say = useWords(SIGNALS);
  const [explained, setExplained] = useState<SignalRow | null>(null);
  const open = (row: SignalRow) => {
    onShow(row.instrument);
    setExplained(row);
  };
  return (
    <Panel
      title={say("signals")}
      flush
      className={styles.panel}
      testId="signals-list"
      status={<Freshness source={rows[0]?.bar_end} />}
    >
      <QueryGate query={query} what={say("signals")}>
        {() =>
          rows.length === 0 ? (
            <Note>{say("none")}</Note>
          ) : (
            <ul>
              {rows.slice(0, SHOWN).map((row) => (
                <SignalItem key={row.id} row={row} onOpen={open} />
              ))}
            </ul>
          )
        }
      </QueryGate>
      {explained ? <ExplanationDialog row={explained} onClose={() => setExplained(null)} /> : null}
    </Panel>
  );
}
