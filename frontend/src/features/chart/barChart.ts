import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Span } from "@/lib/screen";
import { formatInstant } from "@/lib/time";
import { zoneOffset } from "@/lib/zonedInput";
import type { Candle } from "./candle";
import { coloursOf } from "./coloursOf";
import type { Indicator } from "./indicatorChoice";
import type { Mark } from "./mark";
import { markerOf } from "./markerOf";
import { Overlays } from "./overlays";
import type { Palette } from "./palette";
import { placeMarks } from "./placeMarks";
import { seenSpan } from "./seenSpan";
import { type MarketSession, sessionRuns } from "./sessionRuns";
import { SessionShade } from "./sessionShade";

const MOST = 4000;
const KEPT = 2000;
const SHOWN = 110;

/** The chart on its canvas. Bars go straight into the series; it draws once a frame by itself. */
export class BarChart {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<"Candlestick">;
  private readonly volumes: ISeriesApi<"Histogram">;
  private readonly markers: ISeriesMarkersPluginApi<Time>;
  private readonly overlays: Overlays;
  private readonly shade: SessionShade;
  private sessions: readonly MarketSession[] = [];
  private bars: Candle[] = [];
  private marks: readonly Mark[] = [];
  private palette: Palette;
  private seconds = 900;
  private timeZone = "UTC";
  /** The chart breaks its axis at midnights of UTC: it is given times that are ahead by so much. */
  private ahead = 0;

  constructor(element: HTMLElement, palette: Palette) {
    this.palette = palette;
    this.chart = createChart(element, { autoSize: true });
    this.overlays = new Overlays(this.chart);
    this.candles = this.chart.addSeries(CandlestickSeries);
    this.shade = new SessionShade(this.chart);
    this.volumes = this.chart.addSeries(HistogramSeries, {
      priceScaleId: "volume",
      priceFormat: { type: "volume" },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.volumes.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    this.markers = createSeriesMarkers(this.candles, []);
    this.paint(palette);
  }

  destroy(): void {
    this.chart.remove();
  }

  get count(): number {
    return this.bars.length;
  }

  /** What is drawn, ascending. */
  get drawnBars(): readonly Candle[] {
    return this.bars;
  }

  get last(): Candle | undefined {
    return this.bars.at(-1);
  }

  /** The stretch of market time in sight; null while there is none. */
  get seen(): Span | null {
    const range = this.chart.timeScale().getVisibleRange();
    const at = (time: Time): number => Number(time) - this.ahead;
    return range && seenSpan({ from: at(range.from), to: at(range.to) }, this.seconds);
  }

  /** Other bars; those that came live since and are newer stay when `keep` is set. */
  load(bars: readonly Candle[], seconds: number, keep: boolean): void {
    const end = bars.at(-1)?.time ?? 0;
    const newer = keep ? this.bars.filter((bar) => bar.time > end) : [];
    this.seconds = seconds;
    this.bars = [...bars, ...newer];
    this.redraw();
    if (!keep) this.showLatest();
  }

  /** One bar, new or in place of the last one. Older ones are in what was loaded. */
  update(bar: Candle): void {
    const last = this.last;
    if (last && bar.time < last.time) return;
    if (last?.time === bar.time) this.bars[this.bars.length - 1] = bar;
    else this.bars.push(bar);
    if (this.bars.length > MOST) {
      this.bars = this.bars.slice(-KEPT);
      this.redraw();
      return;
    }
    this.candles.update(this.asCandle(bar));
    this.volumes.update(this.asVolume(bar));
    this.overlays.update(this.bars, this.drawn);
    if (bar.time !== last?.time) this.shadeSessions();
  }

  indicate(shown: readonly Indicator[]): void {
    this.overlays.show(shown);
    this.overlays.draw(this.bars, this.drawn);
  }

  mark(marks: readonly Mark[]): void {
    this.marks = marks;
    const placed = placeMarks(marks, this.bars, this.seconds);
    this.markers.setMarkers(
      placed.map((mark) => markerOf(mark, this.drawn(mark.time), this.palette)),
    );
  }

  /** The exchange's sessions, which are shaded. */
  within(sessions: readonly MarketSession[]): void {
    this.sessions = sessions;
    this.redraw();
  }

  /** The zone of the axis. Days break at its midnights, by its offset at the last bar. */
  zone(zone: string): void {
    this.timeZone = zone;
    const ms = (time: Time): number => (Number(time) - this.ahead) * 1000;
    this.chart.applyOptions({
      localization: { timeFormatter: (time: Time) => formatInstant(ms(time), zone, "full") },
      timeScale: {
        tickMarkFormatter: (time: Time, type: number) =>
          formatInstant(ms(time), zone, type < 3 ? "day" : "time"),
      },
    });
    this.redraw();
  }

  /** How many decimals prices of the instrument have. */
  precision(decimals: number): void {
    const minMove = 10 ** -decimals;
    this.candles.applyOptions({ priceFormat: { type: "price", precision: decimals, minMove } });
  }

  paint(palette: Palette): void {
    this.palette = palette;
    this.overlays.paint(palette);
    this.shade.paint(palette);
    const { chart, candles } = coloursOf(palette);
    this.chart.applyOptions(chart);
    this.candles.applyOptions(candles);
    this.redraw();
  }

  private showLatest(): void {
    const to = this.bars.length + 4;
    this.chart.timeScale().setVisibleLogicalRange({ from: to - SHOWN, to });
  }

  private redraw(): void {
    this.ahead = this.last ? zoneOffset(this.last.time * 1000, this.timeZone) : 0;
    this.candles.setData(this.bars.map((bar) => this.asCandle(bar)));
    this.volumes.setData(this.bars.map((bar) => this.asVolume(bar)));
    this.overlays.draw(this.bars, this.drawn);
    this.mark(this.marks);
    this.shadeSessions();
  }

  private shadeSessions(): void {
    this.shade.show(sessionRuns(this.bars, this.seconds, this.sessions));
  }

  private readonly drawn = (time: number): UTCTimestamp => (time + this.ahead) as UTCTimestamp;

  private asCandle({ time, open, high, low, close }: Candle) {
    return { time: this.drawn(time), open, high, low, close };
  }

  private asVolume(bar: Candle) {
    const color = bar.close < bar.open ? this.palette.down : this.palette.up;
    return { time: this.drawn(bar.time), value: bar.volume, color: `${color}55` };
  }
}
