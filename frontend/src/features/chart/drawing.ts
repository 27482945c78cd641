import type { BarChart } from "./barChart";
import type { Candle } from "./candle";
import { formCandle } from "./formCandle";

type Chart = Pick<BarChart, "load" | "update" | "last" | "count">;

/**
 * What one chart shows now: the bars of a key (instrument and interval), loaded and then live. Live
 * bars that come before the loaded ones wait for them; a hole between them is told.
 */
export class Drawing {
  private key = "";
  private loaded = false;
  private waiting: Candle[] = [];
  private hole: number | null = null;

  constructor(
    private readonly chart: Chart,
    private readonly onHole: () => void,
  ) {}

  /** Shows bars of a key; without bars it is emptied until they are there. */
  load(key: string, bars: readonly Candle[] | undefined, seconds: number): void {
    const same = this.loaded && key === this.key;
    if (same && !bars) return;
    if (key !== this.key) this.waiting = [];
    this.key = key;
    this.loaded = bars !== undefined;
    this.chart.load(bars ?? [], seconds, same);
    if (!bars) return;
    for (const bar of this.waiting) this.chart.update(bar);
    this.waiting = [];
  }

  /** A closed bar of the key from the socket. */
  bar(key: string, bar: Candle, seconds: number): void {
    if (key !== this.key) return;
    if (!this.loaded) {
      this.waiting.push(bar);
      return;
    }
    this.show(bar, seconds);
  }

  /** A trade; it forms the bar that is not closed yet. */
  tick(key: string, tick: { time: number; price: number }, seconds: number): void {
    const last = this.chart.last;
    if (key !== this.key || !this.loaded || !last) return;
    const candle = formCandle(last, tick, seconds);
    if (candle) this.show(candle, seconds);
  }

  /** A bar that starts later than right after the last one: some may be missing between. */
  private show(bar: Candle, seconds: number): void {
    const last = this.chart.last;
    if (last && bar.time > last.time + seconds && this.hole !== last.time) {
      this.hole = last.time;
      this.onHole();
    }
    this.chart.update(bar);
  }
}
