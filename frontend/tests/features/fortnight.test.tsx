import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { calendarDays } from "@/features/schedule/calendarDays";
import { DayRing } from "@/features/schedule/DayRing";
import { Fortnight } from "@/features/schedule/Fortnight";
import { FortnightTable } from "@/features/schedule/FortnightTable";
import { remarkable } from "@/features/schedule/remarkable";
import { tradingOn } from "@/features/schedule/tradingOn";
import { DEFAULTS, usePreferences } from "@/lib/preferences";

const NEW_YORK = "America/New_York";
const HOUR_MS = 3600_000;
const at = (text: string): number => Date.parse(`${text}Z`);
const segment = (phase: "trading" | "learning", starts: string, ends: string) => ({
  phase,
  starts: new Date(at(starts)).toISOString(),
  ends: new Date(at(ends)).toISOString(),
  reason: phase === "trading" ? "market session" : "market closed",
  override: null,
});

/** New York's Friday, the Sunday on which its clocks go back, and its Monday, as the scheduler says. */
const AUTUMN = [
  segment("trading", "2012-11-02T13:30", "2012-11-02T20:00"),
  segment("learning", "2012-11-02T20:00", "2012-11-05T14:30"),
  segment("trading", "2012-11-05T14:30", "2012-11-05T21:00"),
  segment("learning", "2012-11-05T21:00", "2012-11-06T14:30"),
];
const HALF_DAY = [segment("trading", "2012-11-23T14:30", "2012-11-23T18:00")];
const MARKS = [
  { day: "2012-11-04", kind: "DST", detail: "clocks of America/New_York go back" },
  { day: "2012-11-05", kind: "lunch break", detail: "none of ours" },
];

beforeEach(() => usePreferences.setState({ ...DEFAULTS, language: "en" }));
afterEach(cleanup);

describe("calendar days", () => {
  it("run from midnight to midnight of the zone; one has 25 hours, one 23", () => {
    const autumn = calendarDays(at("2012-11-03T15:00"), 3, NEW_YORK);
    expect(autumn.map((day) => day.date)).toEqual(["2012-11-03", "2012-11-04", "2012-11-05"]);
    expect(autumn.map((day) => (day.ends - day.starts) / HOUR_MS)).toEqual([24, 25, 24]);
    const spring = calendarDays(at("2013-03-10T15:00"), 1, NEW_YORK);
    expect(spring.map((day) => (day.ends - day.starts) / HOUR_MS)).toEqual([23]);
  });

  it("are those of the zone, also late in the evening, and gapless", () => {
    expect(calendarDays(at("2012-11-03T03:30"), 1, NEW_YORK)[0]?.date).toBe("2012-11-02");
    expect(calendarDays(at("2012-11-03T03:30"), 1, "UTC")[0]?.date).toBe("2012-11-03");
    const days = calendarDays(at("2012-10-28T03:30"), 14, NEW_YORK);
    for (const [index, day] of days.entries()) {
      const before = days[index - 1];
      if (before) expect(day.starts).toBe(before.ends);
    }
  });
});

describe("trading on a day", () => {
  it("is clipped to it, and neighbours are joined", () => {
    const day = { starts: at("2012-11-05T00:00"), ends: at("2012-11-06T00:00") };
    const more = segment("trading", "2012-11-05T21:00", "2012-11-06T02:00");
    expect(tradingOn([...AUTUMN.slice(0, 3), more], day)).toEqual([
      [at("2012-11-05T14:30"), day.ends],
    ]);
    expect(
      tradingOn(AUTUMN, { starts: at("2012-11-03T00:00"), ends: at("2012-11-04T00:00") }),
    ).toEqual([]);
  });
});

describe("two weeks", () => {
  const shown = {
    lanes: [{ name: "XNYS", pool: "XNYS", segments: AUTUMN }],
    days: calendarDays(at("2012-11-02T15:00"), 4, NEW_YORK),
    marks: { XNYS: MARKS },
  };

  it("say the same open on both sides of the change of clocks, to the minute", () => {
    render(<FortnightTable {...shown} />);
    const rows = screen.getAllByTestId("fortnight-row");
    const cells = rows.map((row) =>
      [...row.querySelectorAll("td")].map((cell) => cell.textContent),
    );
    expect(cells.map(([, hours]) => hours)).toEqual([
      "09:30–16:00",
      "closed",
      "closed",
      "09:30–16:00",
    ]);
    expect(cells[2]?.[2]).toBe("XNYS: clocks change, clocks of America/New_York go back");
    expect(cells[3]?.[2]).toBe("—");
  });

  it("draw each segment within its day, the longer day included, and mark it in words", () => {
    render(<Fortnight {...shown} now={at("2012-11-02T15:00")} />);
    const cell = (date: string) =>
      screen.getAllByTestId("day-cell").find((each) => each.dataset.date === date);
    const monday = cell("2012-11-05")?.querySelector<HTMLElement>("[data-phase=trading]");
    expect(Number.parseFloat(monday?.style.left ?? "")).toBeCloseTo((9.5 / 24) * 100, 6);
    expect(Number.parseFloat(monday?.style.width ?? "")).toBeCloseTo((6.5 / 24) * 100, 6);
    const sunday = cell("2012-11-04");
    expect(sunday && within(sunday).getByText("clocks change")).toBeTruthy();
    expect(monday?.textContent).toContain("trading, Mon");
  });

  it("close at one on a half day", () => {
    const days = calendarDays(at("2012-11-23T12:00"), 1, NEW_YORK);
    const marks = [{ day: "2012-11-23", kind: "half day", detail: "14:30–18:00 UTC" }];
    render(
      <FortnightTable
        lanes={[{ name: "XNYS", pool: "XNYS", segments: HALF_DAY }]}
        days={days}
        marks={{ XNYS: marks }}
      />,
    );
    expect(screen.getByText("09:30–13:00")).toBeTruthy();
    expect(screen.getByText("XNYS: half day, 14:30–18:00 UTC")).toBeTruthy();
  });

  it("speak German too", () => {
    usePreferences.setState({ language: "de" });
    render(<FortnightTable {...shown} />);
    expect(screen.getAllByText("geschlossen")).toHaveLength(2);
  });
});

describe("the ring", () => {
  it("says every stretch in words, with the zone's hours over the change of clocks", () => {
    render(<DayRing pool="XNYS" segments={AUTUMN} now={at("2012-11-04T16:00")} />);
    const says = screen.getByRole("img").getAttribute("aria-label") ?? "";
    expect(says).toMatch(
      /^Next 24 hours of XNYS: learning from Fri.* 16:00 to Mon.* 09:30; trading from Mon.* 09:30 to Mon.* 16:00$/,
    );
  });
});

describe("remarkable days", () => {
  it("leave lunch breaks out, and what has no word", () => {
    expect(remarkable(MARKS).map((mark) => mark.word)).toEqual(["clocks"]);
  });
});
