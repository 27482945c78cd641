import { useState } from "react";
import { lazyPart } from "@/components/lazyPart";
import { Button } from "@/components/ui/Button";
import { useWords } from "@/lib/useWords";
import type { Candle } from "./candle";
import type { ChartInterval } from "./interval";
import type { Mark } from "./mark";
import { CHART } from "./words";

/** Loaded when somebody wants the table. */
const BarTableDialog = lazyPart(async () => (await import("./BarTableDialog")).BarTableDialog);

type Props = {
  instrument: string;
  interval: ChartInterval;
  marks: readonly Mark[];
  /** What the chart draws at this moment. */
  bars: () => readonly Candle[];
};

/** The chart's twin: opens its newest bars as a table. */
export function BarTable({ bars, ...shown }: Props) {
  const [rows, setRows] = useState<readonly Candle[] | null>(null);
  const say = useWords(CHART);
  return (
    <>
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={() => setRows(bars())}
        data-testid="chart-table"
      >
        {say("table")}
      </Button>
      {rows ? <BarTableDialog {...shown} rows={rows} onClose={() => setRows(null)} /> : null}
    </>
  );
}
