import { describe, expect, it } from "vitest";
import { bollingerBands, exponentialAverage, simpleAverage } from "@/lib/indicators";
import { domainOf, linePath } from "@/lib/linePath";

/** A published example of a ten-day exponential average, with its values to the cent. */
const CLOSES = [
  22.27, 22.19, 22.08, 22.17, 22.18, 22.13, 22.23, 22.43, 22.24, 22.29, 22.15, 22.39, 22.38, 22.61,
  23.36,
];
const cents = (values: readonly (number | null)[]) =>
  values.map((value) => (value === null ? null : Number(value.toFixed(2))));

describe("averages", () => {
  it("begin when there are enough values", () => {
    expect(simpleAverage([1, 2, 3, 4, 5], 3)).toEqual([null, null, 2, 3, 4]);
    expect(exponentialAverage([1, 2], 3)).toEqual([null, null]);
    expect(simpleAverage([], 3)).toEqual([]);
  });

  it("have their known values", () => {
    expect(cents(exponentialAverage(CLOSES, 10)).slice(9)).toEqual([
      22.22, 22.21, 22.24, 22.27, 22.33, 22.52,
    ]);
    expect(cents(simpleAverage(CLOSES, 10)).slice(9, 12)).toEqual([22.22, 22.21, 22.23]);
  });

  it("of one value are the values, and of equal values they are these", () => {
    expect(simpleAverage([3, 1, 2], 1)).toEqual([3, 1, 2]);
    expect(exponentialAverage([3, 1, 2], 1)).toEqual([3, 1, 2]);
    expect(simpleAverage([7, 7, 7, 7], 2).slice(1)).toEqual([7, 7, 7]);
  });
});

describe("Bollinger's bands", () => {
  it("lie population standard deviations around the mean", () => {
    const { middle, upper, lower } = bollingerBands([1, 2, 3, 4, 5], 5, 2);
    expect(middle[4]).toBe(3);
    expect(upper[4]).toBeCloseTo(3 + 2 * Math.SQRT2, 12);
    expect(lower[4]).toBeCloseTo(3 - 2 * Math.SQRT2, 12);
    expect(upper.slice(0, 4)).toEqual([null, null, null, null]);
  });

  it("close where nothing moves", () => {
    const { upper, lower } = bollingerBands([4, 4, 4], 3, 2);
    expect([upper[2], lower[2]]).toEqual([4, 4]);
  });
});

describe("a line", () => {
  it("fills its box with some room, y downwards", () => {
    const points = [
      { x: 0, y: 100 },
      { x: 1, y: 110 },
      { x: 2, y: 90 },
    ];
    const domain = domainOf(points, [100]);
    expect(domain).toEqual({ left: 0, right: 2, low: 90, high: 110 });
    if (domain) expect(linePath(points, domain)).toBe("M0 50L50 4L100 96");
  });

  it("needs two places, and may be flat", () => {
    expect(domainOf([{ x: 1, y: 1 }])).toBeNull();
    expect(
      domainOf([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
    ).toBeNull();
    const flat = [
      { x: 0, y: 5 },
      { x: 1, y: 5 },
    ];
    const domain = domainOf(flat);
    if (domain) expect(linePath(flat, domain)).toBe("M0 96L100 96");
  });
});
