import type { SeriesMarker, UTCTimestamp } from "lightweight-charts";
import type { Mark } from "./mark";
import type { Palette } from "./palette";

/** A mark as the chart draws it: fills are dots, signals arrows that point where they want to go. */
export function markerOf(
  { kind, up, text }: Mark,
  time: UTCTimestamp,
  { accent, warn }: Palette,
): SeriesMarker<UTCTimestamp> {
  const fill = kind === "fill";
  return {
    time,
    position: up ? "belowBar" : "aboveBar",
    shape: fill ? "circle" : up ? "arrowUp" : "arrowDown",
    color: fill ? accent : warn,
    text,
    size: fill ? 0.6 : 1,
  };
}
