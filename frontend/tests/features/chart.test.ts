import { describe, expect, it } from "vitest";
import { candleOf } from "@/features/chart/candle";
import { formCandle } from "@/features/chart/formCandle";
import type { Mark } from "@/features/chart/mark";
import { placeMarks } from "@/features/chart/placeMarks";

const bar = { time: 900, open: 10, high: 12, low: 9, close: 11, volume: 5 };

describe("a forming candle", () => {
  it("extends the last one within its interval", () => {
    const candle = formCandle(bar, { time: 1700, price: 13 }, 900);
    expect(candle).toEqual({ ...bar, high: 13, close: 13 });
  });

  it("begins another one at the interval's end", () => {
    expect(formCandle(bar, { time: 1800, price: 8 }, 900)).toEqual({
      time: 1800,
      open: 8,
      high: 8,
      low: 8,
      close: 8,
      volume: 0,
    });
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

  it("stand at the bar that a signal ended and that a fill lies in", () => {
    const placed = placeMarks([mark("fill", 1800), mark("signal", 1800)], 900, 0, 9000);
    expect(placed.map((each) => [each.kind, each.time])).toEqual([
      ["signal", 900],
      ["fill", 1800],
    ]);
  });

  it("are left out where no bar is drawn", () => {
    expect(placeMarks([mark("fill", 100), mark("fill", 99_999)], 900, 900, 9000)).toEqual([]);
  });
});

describe("a bar", () => {
  it("is drawn at its start", () => {
    const candle = candleOf({
      instrument: "XNYS:IBM",
      interval: "15m",
      start: "2012-10-15T19:00:00Z",
      end: "2012-10-15T19:15:00Z",
      open: 1,
      high: 2,
      low: 1,
      close: 2,
      volume: 3,
      synthetic: true,
    });
    expect(candle.time).toBe(Date.parse("2012-10-15T19:00:00Z") / 1000);
  });
});
