import { describe, expect, it } from "vitest";
import { marketAt } from "@/lib/clock";
import {
  formatBytes,
  formatMoney,
  formatPrice,
  formatQuantity,
  formatScore,
  formatShare,
  formatSigned,
} from "@/lib/numbers";
import { formatCountdown, formatInstant, formatSpan, zoneName } from "@/lib/time";
import { fromZonedInput, toZonedInput, zoneOffset } from "@/lib/zonedInput";
import { zoneOf } from "@/lib/zones";

const NEW_YORK = "America/New_York";

describe("money", () => {
  it("is exact for decimal strings that no float can hold", () => {
    expect(formatMoney("90071992547409931.25")).toBe("90,071,992,547,409,931.25");
  });

  it("has a real minus, and never a negative zero", () => {
    expect(formatMoney("-1234.5")).toBe("−1,234.50");
    expect(formatMoney("-0.001")).toBe("0.00");
    expect(formatPrice("-0.000001", 5)).toBe("0.00000");
    expect(formatPrice(1.5, 5)).toBe("1.50000");
    expect(formatPrice("1.12345")).toBe("1.12");
    expect(formatMoney(null)).toBe("—");
  });

  it("shows its sign where that matters", () => {
    expect(formatSigned("12")).toBe("+12.00");
    expect(formatSigned("-3.5")).toBe("−3.50");
    expect(formatSigned("0")).toBe("0.00");
  });
});

describe("other numbers", () => {
  it("keep their meaning", () => {
    expect(formatQuantity("100.50000000")).toBe("100.5");
    expect(formatShare(-0.0123, 2)).toBe("−1.23%");
    expect(formatShare(Number.NaN)).toBe("—");
    expect(formatScore(-0.2)).toBe("−0.200");
    expect(formatBytes(57 * 2 ** 20)).toBe("57 MiB");
    expect(formatBytes(1.5 * 2 ** 30)).toBe("1.5 GiB");
  });
});

describe("instants", () => {
  it("are shown in the zone that was chosen", () => {
    const instant = "2012-10-15T19:00:00Z";
    expect(formatInstant(instant, NEW_YORK)).toBe("15:00");
    expect(formatInstant(instant, "UTC")).toBe("19:00");
    expect(formatInstant("nonsense", "UTC")).toBe("—");
    expect(zoneName(Date.parse(instant), NEW_YORK)).toBe("EDT");
    expect(zoneName(Date.parse("2012-12-15T19:00:00Z"), NEW_YORK)).toBe("EST");
  });

  it("know the exchange's zone, and fall back to UTC", () => {
    expect(zoneOf("exchange", "XNYS")).toBe(NEW_YORK);
    expect(zoneOf("exchange", "MARS")).toBe("UTC");
    expect(zoneOf("utc", "XNYS")).toBe("UTC");
  });

  it("go through an input and back, in summer and in winter", () => {
    for (const instant of ["2012-07-02T13:30:00.000Z", "2012-12-03T14:30:00.000Z"]) {
      const text = toZonedInput(Date.parse(instant), NEW_YORK);
      expect(text.slice(11)).toBe("09:30");
      expect(fromZonedInput(text, NEW_YORK)).toBe(instant);
    }
    expect(fromZonedInput("", NEW_YORK)).toBeNull();
  });

  it("know how far a zone is ahead", () => {
    const hours = (instant: string) => zoneOffset(Date.parse(instant), NEW_YORK) / 3600;
    expect([hours("2012-07-02T13:30:59.999Z"), hours("2012-12-03T14:30:00Z")]).toEqual([-4, -5]);
  });

  it("survive the hour that the clock skips", () => {
    expect(fromZonedInput("2012-03-11T02:30", NEW_YORK)).toMatch(/^2012-03-11T0[67]:30/);
  });
});

describe("spans", () => {
  it.each([
    [0.42, "0.4 s"],
    [12.9, "12 s"],
    [200, "3 min 20 s"],
    [3600, "1 h"],
    [18_660, "5 h 11 min"],
    [183_600, "2 d 3 h"],
    [-5, "0.0 s"],
  ])("%d s is %s", (seconds, text) => expect(formatSpan(seconds)).toBe(text));

  it.each([
    [9, "00:09"],
    [249, "04:09"],
    [5400, "1:30:00"],
    [183_600, "2 d 03:00:00"],
    [-1, "00:00"],
  ])("%d s counts down as %s", (seconds, text) => expect(formatCountdown(seconds)).toBe(text));
});

describe("market time", () => {
  const anchor = { market: "2012-10-15T19:00:00Z", wall: 1000, speed: 600 };

  it("follows the anchor", () => {
    expect(new Date(marketAt(anchor, 1001.5)).toISOString()).toBe("2012-10-15T19:15:00.000Z");
  });

  it("is the wall's without one", () => {
    expect(marketAt(null, 12)).toBe(12_000);
  });
});
