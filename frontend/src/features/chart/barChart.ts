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
import { formatInstant } from "@/lib/time";
import { zoneOffset } from "@/lib/zonedInput";
import type { Candle } from "./candle";
import type { Mark } from "./mark";
import type { Palette } from "./palette";
import { placeMarks } from "./placeMarks";

const MOST = 4000;
const KEPT = 2000;
const SHOWN = 110;

/** The chart on its canvas. Bars go straight into the series; it draws once a frame by itself. */
export class BarChart {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<"Candlestick">;
  private readonly volumes: ISeriesApi<"Histogram">;
  private readonly markers: ISeriesMarkersPluginApi<Time>;
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
    this.candles = this.chart.addSeries(CandlestickSeries);
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

  get last(): Candle | undefined {
    return this.bars.at(-1);
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
  }

  mark(marks: readonly Mark[]): void {
    this.marks = marks;
    const placed = placeMarks(marks, this.bars, this.seconds);
    this.markers.setMarkers(
      placed.map((mark) => ({
        time: this.drawn(mark.time),
        position: mark.up ? ("belowBar" as const) : ("aboveBar" as const),
        shape: mark.kind === "fill" ? ("circle" as const) : arrow(mark.up),
        color: mark.kind === "fill" ? this.palette.accent : this.palette.warn,
        text: mark.text,
        size: mark.kind === "fill" ? 0.6 : 1,
      })),
    );
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
    const { surface, dim, line, up, down } = palette;
    this.chart.applyOptions({
      layout: { background: { color: surface }, textColor: dim, fontSize: 11 },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line, timeVisible: true, rightOffset: 4, minBarSpacing: 2 },
    });
    this.candles.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
      borderVisible: false,
    });
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
    this.mark(this.marks);
  }

  private drawn(time: number): UTCTimestamp {
    return (time + this.ahead) as UTCTimestamp;
  }

  private asCandle({ time, open, high, low, close }: Candle) {
    return { time: this.drawn(time), open, high, low, close };
  }

  private asVolume(bar: Candle) {
    const color = bar.close < bar.open ? this.palette.down : this.palette.up;
    return { time: this.drawn(bar.time), value: bar.volume, color: `${color}55` };
  }
}

const arrow = (up: boolean) => (up ? ("arrowUp" as const) : ("arrowDown" as const));
