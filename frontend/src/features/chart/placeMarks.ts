import type { Mark } from "./mark";

export type Placed = Mark & { time: number };

/**
 * Marks at the bars they belong to, ascending, those outside of what is drawn left out. A signal
 * belongs to the bar that ended with it, a fill to the bar that it lies in.
 */
export function placeMarks(
  marks: readonly Mark[],
  seconds: number,
  first: number,
  last: number,
): Placed[] {
  return marks
    .map((mark) => {
      const inside = mark.kind === "signal" ? mark.at - 1 : mark.at;
      return { ...mark, time: Math.floor(inside / seconds) * seconds };
    })
    .filter((mark) => mark.time >= first && mark.time <= last)
    .sort((left, right) => left.time - right.time);
}
