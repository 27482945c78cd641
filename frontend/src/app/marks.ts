import type { Mark } from "@/features/chart/mark";

type Signal = { instrument: string; bar_end: string; weight_before: number; weight_after: number };
type Fill = { instrument: string; at: string; side: string; quantity: string };

/** What the chart of an instrument points at: its signals and its fills. */
export function marksOf(
  instrument: string,
  signals: readonly Signal[],
  fills: readonly Fill[],
): Mark[] {
  const seconds = (instant: string): number => Date.parse(instant) / 1000;
  const of = (row: { instrument: string }): boolean => row.instrument === instrument;
  return [
    ...signals.filter(of).map((signal) => ({
      kind: "signal" as const,
      instrument,
      at: seconds(signal.bar_end),
      up: signal.weight_after >= signal.weight_before,
      text: "",
    })),
    ...fills.filter(of).map((fill) => ({
      kind: "fill" as const,
      instrument,
      at: seconds(fill.at),
      up: fill.side === "buy",
      text: fill.side === "buy" ? "B" : "S",
    })),
  ];
}
