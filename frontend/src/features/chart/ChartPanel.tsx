import { useCallback, useRef } from "react";
import { useInstrument } from "@/api/useInstrument";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Panel } from "@/components/ui/Panel";
import { SegmentedControl } from "@/components/ui/SegmentedControl";
import { symbolOf } from "@/lib/instrument";
import { useOnScreen } from "@/lib/screen";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { BarTable } from "./BarTable";
import styles from "./ChartPanel.module.css";
import { IndicatorToggles } from "./IndicatorToggles";
import { type ChartInterval, INTERVALS } from "./interval";
import type { Mark } from "./mark";
import { SourcePill } from "./SourcePill";
import { useBarChart } from "./useBarChart";
import { useBars } from "./useBars";
import { CHART } from "./words";

type Props = {
  instruments: readonly string[];
  instrument: string;
  interval: ChartInterval;
  marks: readonly Mark[];
  onSelect: (change: { instrument?: string; interval?: string }) => void;
};

/** Candles of one instrument, with the desk's signals and fills marked, drawn live. */
export function ChartPanel({ instruments, instrument, interval, marks, onSelect }: Props) {
  const say = useWords(CHART);
  const canvas = useRef<HTMLDivElement>(null);
  const query = useBars(instrument, interval);
  const bars = query.data;
  const { refetch } = query;
  const onHole = useCallback(() => void refetch(), [refetch]);
  const known = useInstrument(instrument);
  const shown = {
    instrument,
    interval,
    bars,
    marks,
    decimals: known?.price_decimals ?? 2,
    calendar: known?.calendar,
    onHole,
  };
  const { count, lastEnd, drawn, seen } = useBarChart(canvas, shown);
  useOnScreen({ kind: "chart", instrument, span: seen });
  return (
    <Panel
      title={say("title", { symbol: symbolOf(instrument) })}
      flush
      still
      className={styles.panel}
      actions={
        <>
          <SegmentedControl
            aria-label={say("instrument")}
            data={instruments.map((each) => ({ value: each, label: symbolOf(each) }))}
            value={instrument}
            onChange={(value) => onSelect({ instrument: value })}
          />
          <SegmentedControl
            aria-label={say("interval")}
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
        <ErrorNote error={query.error} what={say("failed")} onRetry={query.refetch} />
      ) : null}
      {/* biome-ignore lint/a11y/useSemanticElements: a group for the canvas and the attribution link */}
      <div
        ref={canvas}
        className={styles.canvas}
        role="group"
        aria-label={say("chart", { symbol: symbolOf(instrument), interval })}
        data-testid="chart"
      />
      <div className={styles.foot}>
        <span data-testid="chart-bar-count">{count}</span> {say("barsOf", { interval })}
        <span className={styles.key} data-kind="signal">
          ▲▼ {say("signal")}
        </span>
        <span className={styles.key} data-kind="fill">
          ● {say("fill")}
        </span>
        <span className={styles.key}>░ {say("sessions")}</span>
        <span className={styles.key}>▨ {say("closed")}</span>
        <IndicatorToggles />
        <BarTable {...{ instrument, interval, marks }} bars={drawn} />
      </div>
    </Panel>
  );
}
