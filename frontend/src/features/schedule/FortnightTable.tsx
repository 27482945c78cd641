import { Table } from "@/components/ui/Table";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import type { Shown } from "./Fortnight";
import { remarkable } from "./remarkable";
import { tradingOn } from "./tradingOn";
import { SCHEDULE } from "./words";

/** The same two weeks in words: when each lane trades on each day, and what is remarkable. */
export function FortnightTable({ lanes, days, marks }: Shown) {
  const zone = useZone();
  const say = useWords(SCHEDULE);
  return (
    <Table
      label={say("fortnight")}
      head={[say("day"), ...lanes.map((lane) => lane.name), say("remarkable")]}
    >
      {days.map((day) => (
        <tr key={day.date} data-testid="fortnight-row" data-date={day.date}>
          <td>{formatInstant(day.starts, zone, "date")}</td>
          {lanes.map((lane) => (
            <td key={lane.name}>
              {tradingOn(lane.segments, day)
                .map(
                  ([from, to]) =>
                    `${formatInstant(from, zone, "time")}–${formatInstant(to, zone, "time")}`,
                )
                .join(", ") || say("closed")}
            </td>
          ))}
          <td>
            {Object.entries(marks)
              .flatMap(([pool, all]) =>
                remarkable(all)
                  .filter((mark) => mark.day === day.date)
                  .map((mark) => `${pool}: ${say(mark.word)}, ${mark.detail}`),
              )
              .join("; ") || "—"}
          </td>
        </tr>
      ))}
    </Table>
  );
}
