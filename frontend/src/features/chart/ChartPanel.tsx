import { SegmentedControl } from "@mantine/core";
import { useCallback, useRef } from "react";
import { useInstrument } from "@/api/useInstrument";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Panel } from "@/components/ui/Panel";
import { symbolOf } from "@/lib/instrument";
import { Freshness } from "@/live/Freshness";
import styles from "./ChartPanel.module.css";
import { type ChartInterval, INTERVALS } from "./interval";
import type { Mark } from "./mark";
import { SourcePill } from "./SourcePill";
import { useBarChart } from "./useBarChart";
import { useBars } from "./useBars";

type Props = {
  instruments: readonly string[];
  instrument: string;
  interval: ChartInterval;
  marks: readonly Mark[];
  onSelect: (change: { instrument?: string; interval?: string }) => void;
};

/** Candles of one instrument, with the desk's signals and fills marked, drawn live. */
export function ChartPanel({ instruments, instrument, interval, marks, onSelect }: Props) {
  const canvas = useRef<HTMLDivElement>(null);
  const query = useBars(instrument, interval);
  const bars = query.data;
  const { refetch } = query;
  const onHole = useCallback(() => void refetch(), [refetch]);
  const known = useInstrument(instrument);
  const shown = { instrument, interval, bars, marks, decimals: known?.price_decimals ?? 2, onHole };
  const { count, lastEnd } = useBarChart(canvas, shown);
  return (
    <Panel
      title={`${symbolOf(instrument)} bars`}
      flush
      className={styles.panel}
      actions={
        <>
          <SegmentedControl
            aria-label="Instrument"
            size="xs"
            data={instruments.map((each) => ({ value: each, label: symbolOf(each) }))}
            value={instrument}
            onChange={(value) => onSelect({ instrument: value })}
          />
          <SegmentedControl
            aria-label="Bar interval"
            size="xs"
            data={INTERVALS}
            value={interval}
            onChange={(value) => onSelect({ interval: value })}
          />
          {bars ? <SourcePill synthetic={bars.synthetic} source={known?.source} /> : null}
        </>
      }
      status={<Freshness source={lastEnd} testId="last-bar-age" />}
    >
      {query.error && !bars ? (
        <ErrorNote error={query.error} what="Bars cannot be shown." onRetry={query.refetch} />
      ) : null}
      {/* biome-ignore lint/a11y/useSemanticElements: a group for the canvas and the attribution link */}
      <div
        ref={canvas}
        className={styles.canvas}
        role="group"
        aria-label={`Chart of ${symbolOf(instrument)}, ${interval} bars`}
        data-testid="chart"
      />
      <p className={styles.foot}>
        <span data-testid="chart-bar-count">{count}</span> bars of {interval}
        <span className={styles.key} data-kind="signal">
          ▲▼ signal
        </span>
        <span className={styles.key} data-kind="fill">
          ● fill
        </span>
      </p>
    </Panel>
  );
}
