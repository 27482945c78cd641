import type { Schema } from "@/api/types";
import { Table } from "@/components/ui/Table";
import { formatScore, formatShare } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { LEARNING } from "./words";

type Props = { competitors: readonly Schema<"CompetitorView">[] };

/** Champion, challenger and benchmarks over the verdict's window. */
export function CompetitorTable({ competitors }: Props) {
  const say = useWords(LEARNING);
  return (
    <Table
      label={say("outOfSample")}
      head={[say("competitor"), say("sharpe"), say("return"), say("fall"), say("turnover")]}
      numeric={[1, 2, 3, 4]}
    >
      {competitors.map((each) => (
        <tr key={each.name}>
          <td title={each.policy ?? ""}>{each.name}</td>
          <td className="num">{formatScore(each.sharpe, 2)}</td>
          <td className="num">{formatShare(each.total_return, 2)}</td>
          <td className="num">{formatShare(each.max_drawdown, 2)}</td>
          <td className="num">{formatScore(each.turnover, 2)}</td>
        </tr>
      ))}
    </Table>
  );
}
