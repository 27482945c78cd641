import { type ReactNode, useState } from "react";
import type { Schema } from "@/api/types";
import { Panel } from "@/components/ui/Panel";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { type Asked, MoveDialog } from "./MoveDialog";
import { PolicyRow } from "./PolicyRow";
import { LEARNING } from "./words";

type Props = {
  line: Schema<"LineDetail">;
  mayMove: boolean;
  readAt: number;
  /** What opens a verdict's sheet. */
  sheet: (verdict: string, text: ReactNode) => ReactNode;
};

/** Every policy that the line has known and where it stands; operators act on those that wait. */
export function LineagePanel({ line, mayMove, readAt, sheet }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const say = useWords(LEARNING);
  return (
    <Panel
      title={say("lineage")}
      flush
      testId="lineage-panel"
      status={<Freshness readAt={readAt} />}
    >
      <Table
        label={say("lineage")}
        head={[say("which"), say("state"), say("sharpe"), say("why"), ...(mayMove ? [""] : [])]}
        numeric={[2]}
      >
        {line.policies.map((policy) => (
          <PolicyRow
            key={policy.id}
            policy={policy}
            champion={line.champion}
            sheet={sheet}
            onAsk={mayMove ? (move) => setAsked({ move, policy }) : null}
          />
        ))}
      </Table>
      <MoveDialog line={line.id} asked={asked} onClose={() => setAsked(null)} />
    </Panel>
  );
}
