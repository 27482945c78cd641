import type { Candle } from "./candle";
import type { Mark } from "./mark";

export type Placed = Mark & { time: number };

/**
 * Marks at the bars they belong to, ascending, those outside of what is drawn left out. A signal
 * belongs to the bar that ended with it, a fill to the bar that it lies in.
 */
export function placeMarks(
  marks: readonly Mark[],
  bars: readonly Candle[],
  seconds: number,
): Placed[] {
  return marks
    .flatMap((mark) => {
      const inside = mark.kind === "signal" ? mark.at - 1 : mark.at;
      const bar = bars.findLast((each) => each.from <= inside);
      return bar && inside < bar.from + seconds ? [{ ...mark, time: bar.time }] : [];
    })
    .sort((left, right) => left.time - right.time);
}
