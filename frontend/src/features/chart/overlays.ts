import {
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Candle } from "./candle";
import type { Indicator } from "./indicatorChoice";
import { indicatorLines, LINES, type LineName } from "./indicatorLines";
import type { Palette } from "./palette";

const STYLES: Record<LineName, LineStyle> = {
  sma: LineStyle.Solid,
  ema: LineStyle.LargeDashed,
  middle: LineStyle.Dotted,
  upper: LineStyle.Dashed,
  lower: LineStyle.Dashed,
};

type Drawn = (time: number) => UTCTimestamp;

/** What lies over the candles: indicators' lines. */
export class Overlays {
  private readonly lines: Record<LineName, ISeriesApi<"Line">>;
  private shown: readonly Indicator[] = [];

  constructor(chart: IChartApi) {
    const line = (name: LineName) =>
      chart.addSeries(LineSeries, {
        lineWidth: 1,
        lineStyle: STYLES[name],
        lastValueVisible: false,
        priceLineVisible: false,
        crosshairMarkerVisible: false,
      });
    this.lines = Object.fromEntries(LINES.map((name) => [name, line(name)])) as typeof this.lines;
  }

  show(shown: readonly Indicator[]): void {
    this.shown = shown;
  }

  paint({ accent, learning, dim }: Palette): void {
    this.lines.sma.applyOptions({ color: accent });
    this.lines.ema.applyOptions({ color: learning });
    for (const name of ["middle", "upper", "lower"] as const) {
      this.lines[name].applyOptions({ color: dim });
    }
  }

  /** All of it anew. */
  draw(bars: readonly Candle[], drawn: Drawn): void {
    const series = this.computed(bars);
    for (const name of LINES) {
      const values = series[name] ?? [];
      this.lines[name].setData(
        values.flatMap((value, index) => {
          const bar = bars[index];
          return bar && value !== null ? [{ time: drawn(bar.time), value }] : [];
        }),
      );
    }
  }

  /** The last bar's values, as it forms or right after it has come. */
  update(bars: readonly Candle[], drawn: Drawn): void {
    const last = bars.at(-1);
    if (!last) return;
    const time = drawn(last.time);
    const series = this.computed(bars);
    for (const name of LINES) {
      const value = series[name]?.at(-1);
      if (value !== null && value !== undefined) this.lines[name].update({ time, value });
    }
  }

  private computed(bars: readonly Candle[]) {
    return indicatorLines(this.shown.length ? bars.map((bar) => bar.close) : [], this.shown);
  }
}
