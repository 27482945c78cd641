/** Something to point at on the chart: a signal at a bar's end, or a fill at its time. */
export type Mark = {
  kind: "signal" | "fill";
  instrument: string;
  /** Unix seconds of what happened. */
  at: number;
  up: boolean;
  text: string;
};
