import { describe, expect, it } from "vitest";
import { type Candle, candleOf } from "@/features/chart/candle";
import { Drawing } from "@/features/chart/drawing";
import { formCandle } from "@/features/chart/formCandle";
import type { Mark } from "@/features/chart/mark";
import { placeMarks } from "@/features/chart/placeMarks";

const bar = { time: 900, from: 900, open: 10, high: 12, low: 9, close: 11, volume: 5 };

describe("a forming candle", () => {
  it("extends the last one within its interval", () => {
    const candle = formCandle(bar, { time: 1700, price: 13 }, 900);
    expect(candle).toEqual({ ...bar, high: 13, close: 13 });
  });

  it("begins another one at the interval's end", () => {
    expect(formCandle(bar, { time: 1800, price: 8 }, 900)).toEqual({
      time: 1800,
      from: 1800,
      open: 8,
      high: 8,
      low: 8,
      close: 8,
      volume: 0,
    });
  });

  it("follows the session's open, not the clock's full hours", () => {
    const half = { ...bar, time: 19.5 * 3600, from: 19.5 * 3600 };
    const next = { time: (24 + 13.5) * 3600 + 5, price: 8 };
    expect(formCandle(half, next, 3600)?.time).toBe((24 + 13.5) * 3600);
  });

  it("takes no tick of the past", () => {
    expect(formCandle(bar, { time: 899, price: 8 }, 900)).toBeNull();
  });
});

describe("marks", () => {
  const mark = (kind: Mark["kind"], at: number): Mark => ({
    kind,
    at,
    instrument: "XNYS:IBM",
    up: true,
    text: "",
  });
  const drawn = [900, 1800].map((time) => ({ ...bar, time, from: time }));

  it("stand at the bar that a signal ended and that a fill lies in", () => {
    const placed = placeMarks([mark("fill", 1800), mark("signal", 1800)], drawn, 900);
    expect(placed.map((each) => [each.kind, each.time])).toEqual([
      ["signal", 900],
      ["fill", 1800],
    ]);
  });

  it("are left out where no bar is drawn", () => {
    expect(placeMarks([mark("fill", 100), mark("fill", 99_999)], drawn, 900)).toEqual([]);
  });

  it("find a day's bar, which is drawn at its end", () => {
    const day = { ...bar, time: 86_400 + 72_000 - 1, from: 72_000 };
    expect(placeMarks([mark("signal", 86_400 + 50_000)], [day], 86_400)[0]?.time).toBe(day.time);
  });
});

describe("a bar", () => {
  const seconds = (text: string): number => Date.parse(text) / 1000;
  const word = {
    instrument: "XNYS:IBM",
    interval: "15m" as const,
    start: "2012-10-15T19:00:00Z",
    end: "2012-10-15T19:15:00Z",
    open: 1,
    high: 2,
    low: 1,
    close: 2,
    volume: 3,
    synthetic: true,
  };

  it("is drawn at its start", () => {
    expect(candleOf(word).time).toBe(seconds(word.start));
  });

  it("of a day is drawn within its day, wherever it is said to start", () => {
    const end = "2012-10-15T20:00:00Z";
    const stored = candleOf({ ...word, interval: "1d", start: "2012-10-14T20:00:00Z", end });
    const live = candleOf({ ...word, interval: "1d", start: "2012-10-15T13:30:00Z", end });
    expect(stored).toEqual(live);
    expect(stored.time).toBe(seconds("2012-10-15T19:59:59Z"));
  });
});

/** The series of a chart, without its canvas. */
class Series {
  bars: Candle[] = [];

  get last(): Candle | undefined {
    return this.bars.at(-1);
  }

  get count(): number {
    return this.bars.length;
  }

  load(bars: readonly Candle[], _seconds: number, keep: boolean): void {
    const end = bars.at(-1)?.time ?? 0;
    this.bars = [...bars, ...(keep ? this.bars.filter((each) => each.time > end) : [])];
  }

  update(one: Candle): void {
    if (this.last && one.time < this.last.time) return;
    if (this.last?.time === one.time) this.bars.pop();
    this.bars.push(one);
  }
}

describe("a drawing", () => {
  const at = (time: number): Candle => ({ ...bar, time, from: time });
  const start = () => {
    const series = new Series();
    let holes = 0;
    const drawing = new Drawing(series, () => holes++);
    const times = () => series.bars.map((each) => each.time);
    return { drawing, times, holes: () => holes };
  };

  it("puts live bars that came first after the loaded ones", () => {
    const { drawing, times, holes } = start();
    drawing.load("IBM 15m", undefined, 900);
    drawing.bar("IBM 15m", at(2700), 900);
    drawing.bar("IBM 15m", at(3600), 900);
    drawing.load("IBM 15m", [at(900), at(1800), at(2700)], 900);
    expect(times()).toEqual([900, 1800, 2700, 3600]);
    expect(holes()).toBe(0);
  });

  it("keeps newer live bars when older ones are loaded again", () => {
    const { drawing, times } = start();
    drawing.load("IBM 15m", [at(900)], 900);
    drawing.bar("IBM 15m", at(1800), 900);
    drawing.bar("IBM 15m", at(2700), 900);
    drawing.load("IBM 15m", [at(900), at(1800)], 900);
    expect(times()).toEqual([900, 1800, 2700]);
  });

  it("tells a hole once, and shows no bar of another instrument", () => {
    const { drawing, times, holes } = start();
    drawing.load("IBM 15m", [at(900)], 900);
    drawing.bar("FB 15m", at(1800), 900);
    drawing.bar("IBM 15m", at(3600), 900);
    drawing.bar("IBM 15m", at(4500), 900);
    expect(times()).toEqual([900, 3600, 4500]);
    expect(holes()).toBe(1);
  });

  it("tells a hole that a trade opens, too", () => {
    const { drawing, holes } = start();
    drawing.load("IBM 15m", [at(900)], 900);
    drawing.tick("IBM 15m", { time: 1850, price: 1 }, 900);
    expect(holes()).toBe(0);
    drawing.tick("IBM 15m", { time: 9950, price: 1 }, 900);
    expect(holes()).toBe(1);
  });

  it("is emptied while another instrument is loaded", () => {
    const { drawing, times } = start();
    drawing.load("IBM 15m", [at(900)], 900);
    drawing.load("FB 15m", undefined, 900);
    drawing.tick("FB 15m", { time: 950, price: 1 }, 900);
    expect(times()).toEqual([]);
    drawing.load("FB 15m", [at(900)], 900);
    drawing.tick("FB 15m", { time: 950, price: 13 }, 900);
    expect(times()).toEqual([900]);
  });
});
