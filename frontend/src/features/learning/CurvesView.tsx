import type { Schema } from "@/api/types";
import { type Line, LineChart } from "@/components/ui/LineChart";
import { Note } from "@/components/ui/Note";
import { Table } from "@/components/ui/Table";
import { formatQuantity } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { curvesOf } from "./curvesOf";
import { meanCurve } from "./meanCurve";
import { type Point, smooth } from "./smooth";
import { LEARNING } from "./words";

type Props = { told: Schema<"CurvesView">; metric: string; weight: number };

export function CurvesView({ told, metric, weight }: Props) {
  const say = useWords(LEARNING);
  const trials = curvesOf(told.curves, metric);
  const own = trials.filter((trial) => !trial.control);
  const controls = trials.filter((trial) => trial.control);
  const mean = meanCurve(own.map((trial) => trial.points));
  const control = meanCurve(controls.map((trial) => trial.points));
  const lines: Line[] = [
    ...own.map((trial) => ({
      name: trial.name,
      points: drawn(trial.points),
      look: "faint" as const,
    })),
    { name: say("mean"), points: drawn(mean), look: "third" },
    { name: say("control"), points: drawn(smooth(control, weight)), look: "other" },
    { name: say("meanSmooth"), points: drawn(smooth(mean, weight)), look: "main" },
  ];
  const label = say("curvesOf", { metric, count: own.length, night: told.night ?? "" });
  return (
    <>
      <LineChart
        label={label}
        lines={lines.filter((line) => line.points.length > 0)}
        formatX={(x) => formatQuantity(Math.round(x))}
        formatY={(y) => formatQuantity(Number(y.toPrecision(4)))}
        empty={say("noCurves")}
        twinLabel={say("asTable")}
        twin={
          <Table
            label={label}
            head={[say("trial"), say("step"), say("last"), say("smoothed")]}
            numeric={[1, 2, 3]}
          >
            {trials.map(({ name, points }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="num">{formatQuantity(points.at(-1)?.step ?? 0)}</td>
                <td className="num">{short(points.at(-1))}</td>
                <td className="num">{short(smooth(points, weight).at(-1))}</td>
              </tr>
            ))}
          </Table>
        }
      />
      {controls.length > 0 ? <Note>{say("controls")}</Note> : null}
    </>
  );
}

const drawn = (points: readonly Point[]) =>
  points.map(({ step, value }) => ({ x: step, y: value }));

const short = (point: Point | undefined): string =>
  point ? formatQuantity(Number(point.value.toPrecision(4))) : "—";
