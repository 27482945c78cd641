import type { Schema } from "@/api/types";
import { type Line, LineChart } from "@/components/ui/LineChart";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { Table } from "@/components/ui/Table";
import { formatShare } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import { thinned } from "./thinned";
import { LEARNING } from "./words";

const TABLED = 20;
const LOOKS: readonly Line["look"][] = ["main", "other"];

type Props = {
  kind: "equity" | "drawdown";
  of: Schema<"EquityLinesView"> | null;
  at: string;
};

/** How the competitors grew over the verdict's window, or how deep they fell; benchmarks are grey. */
export function SheetCurves({ kind, of, at }: Props) {
  const say = useWords(LEARNING);
  const zone = useZone();
  const shown = (value: number) => (kind === "equity" ? value - 1 : -value);
  const day = (instant: string | number) => formatInstant(instant, zone, "year");
  const title = say(kind);
  return (
    <Panel title={title} testId={`sheet-${kind}`} status={<Freshness source={at} />}>
      {of ? (
        <>
          <LineChart
            label={title}
            lines={of.lines
              .map((line, index) => ({
                name: line.name,
                points: line[kind].map((value, row) => ({
                  x: Date.parse(of.ends[row] ?? ""),
                  y: shown(value),
                })),
                look: LOOKS[index] ?? ("faint" as const),
              }))
              .reverse()}
            reference={0}
            formatX={(x) => day(x)}
            formatY={(y) => formatShare(y, 1)}
            empty={say("noCurvesKept")}
            twinLabel={say("asTable")}
            twin={
              <Table
                label={title}
                head={[say("until"), ...of.lines.map((line) => line.name)]}
                numeric={of.lines.map((_, index) => index + 1)}
              >
                {thinned(of, TABLED).map((row) => (
                  <tr key={row.end}>
                    <td>{day(row.end)}</td>
                    {row[kind].map((value, index) => (
                      <td key={of.lines[index]?.name} className="num">
                        {formatShare(shown(value), 2)}
                      </td>
                    ))}
                  </tr>
                ))}
              </Table>
            }
          />
          <Note>{say(`${kind}Says`)}</Note>
        </>
      ) : (
        <Note>{say("noCurvesKept")}</Note>
      )}
    </Panel>
  );
}
