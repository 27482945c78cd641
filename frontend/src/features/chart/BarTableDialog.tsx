import { usePrices } from "@/api/usePrices";
import { Dialog } from "@/components/ui/Dialog";
import { Table } from "@/components/ui/Table";
import { symbolOf } from "@/lib/instrument";
import { formatQuantity } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import type { Candle } from "./candle";
import { type ChartInterval, SECONDS } from "./interval";
import type { Mark } from "./mark";
import { placeMarks } from "./placeMarks";
import { BAR_TABLE } from "./tableWords";

const SHOWN = 100;

type Props = {
  instrument: string;
  interval: ChartInterval;
  marks: readonly Mark[];
  /** Ascending. */
  rows: readonly Candle[];
  onClose: () => void;
};

/** The chart's newest bars as a table, with its marks in words. */
export function BarTableDialog({ instrument, interval, marks, rows, onClose }: Props) {
  const say = useWords(BAR_TABLE);
  const zone = useZone();
  const price = usePrices();
  const title = say("tableOf", { symbol: symbolOf(instrument), interval });
  const shown = rows.slice(-SHOWN);
  const placed = placeMarks(marks, shown, SECONDS[interval]);
  return (
    <Dialog opened onClose={onClose} title={title}>
      <Table
        label={title}
        head={(["time", "open", "high", "low", "close", "volume", "marks"] as const).map((key) =>
          say(key),
        )}
        numeric={[1, 2, 3, 4, 5]}
      >
        {shown.toReversed().map((bar) => (
          <tr key={bar.time} data-testid="bar-row">
            <td>{formatInstant(bar.time * 1000, zone, interval === "1d" ? "day" : "weekday")}</td>
            {[bar.open, bar.high, bar.low, bar.close].map((value, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <td key={column} className="num">
                {price(instrument, value)}
              </td>
            ))}
            <td className="num">{formatQuantity(Math.round(bar.volume))}</td>
            <td>
              {placed
                .filter((mark) => mark.time === bar.time)
                .map((mark) => `${say(mark.kind)} ${say(mark.up ? "up" : "down")}`)
                .join(", ")}
            </td>
          </tr>
        ))}
      </Table>
    </Dialog>
  );
}
