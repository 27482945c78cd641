import type { Schema } from "@/api/types";
import { LineChart } from "@/components/ui/LineChart";
import { Table } from "@/components/ui/Table";
import { formatMoney } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { useBenchmark } from "./useBenchmark";
import { POSITIONS } from "./words";

const TABLED = 40;

type Props = {
  points: readonly Schema<"EquityPointView">[];
  start: number;
  instruments: readonly string[];
};

/** The equity curve against the starting cash and the benchmark, and as a table. */
export function EquityCurve({ points, start, instruments }: Props) {
  const benchmark = useBenchmark(instruments, points, start);
  const say = useWords(POSITIONS);
  const zone = useZone();
  const held = new Map(benchmark.map((point) => [point.at, point.value]));
  const label = say("curve", {
    count: points.length,
    first: formatMoney(points[0]?.equity),
    last: formatMoney(points.at(-1)?.equity),
  });
  return (
    <LineChart
      label={label}
      lines={[
        {
          name: say("benchmark"),
          points: benchmark.map(({ at, value }) => ({ x: at, y: value })),
          look: "other",
        },
        {
          name: say("desk"),
          points: points.map(({ at, equity }) => ({ x: Date.parse(at), y: Number(equity) })),
          look: "main",
        },
      ]}
      reference={start}
      formatX={(x) => formatInstant(x, zone, "weekday")}
      formatY={(y) => formatMoney(y)}
      empty={say("early")}
      twinLabel={say("asTable")}
      twin={
        <Table label={label} head={[say("time"), say("equity"), say("benchmark")]} numeric={[1, 2]}>
          {points.slice(-TABLED).map(({ at, equity }) => (
            <tr key={at}>
              <td>{formatInstant(at, zone, "weekday")}</td>
              <td className="num">{formatMoney(equity)}</td>
              <td className="num">{formatMoney(held.get(Date.parse(at)))}</td>
            </tr>
          ))}
        </Table>
      }
    />
  );
}
