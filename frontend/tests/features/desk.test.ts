import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { marksOf } from "@/app/marks";
import { denialOf } from "@/features/orders/denial";
import { heldEqually } from "@/features/positions/benchmark";
import { equityFigures } from "@/features/positions/equityFigures";
import { joinPositions } from "@/features/positions/joinPositions";
import { addsUp } from "@/features/signals/addsUp";
import { joinSignals } from "@/features/signals/joinSignals";
import { topContributions } from "@/features/signals/topContributions";
import type { LiveDecision } from "@/live/wire";

const END = "2012-10-15T19:15:00Z";

const signal = {
  instrument: "XNYS:IBM",
  weight_before: 0,
  weight_after: 0.2,
  price: 200,
  score: 0.3,
  base: 0.1,
  contributions: { momentum: 0.25, volatility: -0.05 },
  reason: "momentum",
};

const decision: LiveDecision = {
  desk: "desk",
  organisation: "o",
  pod: "pod",
  bar_end: END,
  interval: "15m",
  policy_line: "line",
  policy_version: "rule:momentum@1",
  lease_epoch: 1,
  phase_epoch: 1,
  weights: {},
  prices: {},
  signals: [signal],
  published_wall: 0,
  synthetic: true,
  v: 1,
};

describe("signals", () => {
  it("of the socket join the stored ones without doubling them", () => {
    const live = joinSignals([], [decision]);
    expect(live).toHaveLength(1);
    expect(live[0]).toMatchObject({ outcome: null, synthetic: true });
    const stored = live.map((row) => ({ ...row, outcome: "executed" }));
    expect(joinSignals(stored, [decision])).toEqual(stored);
  });

  it("show their largest reasons, and whether these add up", () => {
    expect(topContributions(signal.contributions, 1, 0)).toEqual([["momentum", 0.25]]);
    expect(topContributions(signal.contributions, 9, 0.1)).toEqual([["momentum", 0.25]]);
    expect(addsUp(0.1, [0.25, -0.05], 0.3)).toBe(true);
    expect(addsUp(0.1, [0.25, -0.05], 0.31)).toBe(false);
  });
});

describe("positions", () => {
  const position = (instrument: string, quantity: string) => ({
    instrument,
    quantity,
    average_price: "1",
    last_price: "1",
    market_value: "1",
    unrealised: "0",
    realised: "0",
  });

  it("that were closed disappear, and the socket's word counts", () => {
    const joined = joinPositions([position("XNYS:IBM", "10"), position("XNYS:FB", "5")], {
      "XNYS:IBM": position("XNYS:IBM", "0"),
      "XNYS:AAPL": position("XNYS:AAPL", "3"),
    });
    expect(joined.map((each) => each.instrument)).toEqual(["XNYS:AAPL", "XNYS:FB"]);
  });
});

describe("equity", () => {
  const point = (equity: string) => ({ at: END, equity, cash: "0", exposure: "0" });

  it("knows its change and its deepest fall", () => {
    const figures = equityFigures([point("110"), point("99"), point("105")], "100");
    expect(figures.change).toBe(5);
    expect(figures.share).toBeCloseTo(0.05);
    expect(figures.drawdown).toBeCloseTo(-0.1);
  });

  it("is compared with equal parts, bought when all have a price, and held", () => {
    const at = (hour: number): number => Date.parse(`2012-10-15T${hour}:00:00Z`);
    const bar = (hour: number, close: number) => ({ end: `2012-10-15T${hour}:00:00Z`, close });
    const first = [bar(14, 10), bar(15, 20)];
    const second = [bar(15, 50), bar(16, 25)];
    expect(heldEqually(100, [first, second], [at(14), at(15), at(16)])).toEqual([
      { at: at(15), value: 100 },
      { at: at(16), value: 75 },
    ]);
    expect(heldEqually(100, [first, []], [at(15)])).toEqual([]);
    expect(heldEqually(100, [], [at(15)])).toEqual([]);
  });
});

describe("a denial", () => {
  it("says why in words and with the numbers, and is no other refusal", () => {
    const detail = "order o was denied: order_value value=50000 limit=25000";
    expect(denialOf(new Problem({ code: "order_value", detail }, 422))).toEqual({
      word: "order_value",
      detail,
    });
    expect(denialOf(new Problem({ code: "invalid_request" }, 422))).toBeNull();
    expect(denialOf(null)).toBeNull();
  });
});

describe("the chart's marks", () => {
  it("are those of its instrument", () => {
    const fill = { instrument: "XNYS:FB", at: END, side: "sell", quantity: "1" };
    const row = { ...signal, bar_end: END };
    expect(marksOf("XNYS:IBM", [row], [fill]).map((mark) => mark.kind)).toEqual(["signal"]);
    expect(marksOf("XNYS:FB", [row], [fill])[0]).toMatchObject({ up: false, text: "S" });
  });
});
