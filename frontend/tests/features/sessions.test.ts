import { beforeEach, describe, expect, it } from "vitest";
import { toggleIndicator, useIndicators } from "@/features/chart/indicatorChoice";
import { indicatorLines } from "@/features/chart/indicatorLines";
import { sessionRuns } from "@/features/chart/sessionRuns";
import { contextWords } from "@/features/conditions/contextWords";
import { filterPods, stateOf } from "@/features/pods/filterPods";
import { memoryByAgent } from "@/features/pods/memoryByAgent";

const HOUR = 3600;
const at = (text: string): number => Date.parse(`${text}Z`) / 1000;
const bars = (starts: string, count: number, seconds = HOUR) =>
  Array.from({ length: count }, (_, index) => ({ from: at(starts) + index * seconds }));

describe("sessions on the chart", () => {
  const session = (day: string, opens: string, closes: string, lunch?: [string, string]) => ({
    opens: at(`${day}T${opens}`),
    closes: at(`${day}T${closes}`),
    breaks: lunch
      ? ([at(`${day}T${lunch[0]}`), at(`${day}T${lunch[1]}`)] as [number, number])
      : null,
  });
  const WEEK = [
    session("2012-10-15", "13:00", "20:00"),
    session("2012-10-16", "13:00", "20:00"),
    session("2012-10-17", "13:00", "20:00"),
  ];

  it("are told apart by the calendar, however many bars are missing within", () => {
    const shown = [
      ...bars("2012-10-15T13:00", 2),
      ...bars("2012-10-15T18:00", 2),
      ...bars("2012-10-16T13:00", 3),
      ...bars("2012-10-16T19:00", 1),
      ...bars("2012-10-17T13:00", 1),
    ];
    expect(sessionRuns(shown, HOUR, WEEK)).toEqual([{ first: 4, last: 7, look: "other" }]);
  });

  it("leave the hours before the opening, after the close and of a lunch break closed", () => {
    const shown = [
      ...bars("2012-10-15T18:00", 4),
      ...bars("2012-10-16T11:00", 4),
      ...bars("2012-10-17T18:00", 3),
    ];
    expect(sessionRuns(shown, HOUR, WEEK)).toEqual([
      { first: 2, last: 5, look: "closed" },
      { first: 6, last: 7, look: "other" },
    ]);
    const tokyo = [session("2012-10-15", "00:00", "06:00", ["02:30", "03:30"])];
    expect(sessionRuns(bars("2012-10-15T02:00", 5, HOUR / 2), HOUR / 2, tokyo)).toEqual([
      { first: 1, last: 2, look: "closed" },
    ]);
  });

  it("of a market that never closes are its days", () => {
    const days = [14, 15, 16].map((day) => ({
      opens: at(`2012-10-${day}T00:00`),
      closes: at(`2012-10-${day}T00:00`) + 24 * HOUR,
      breaks: null,
    }));
    expect(sessionRuns(bars("2012-10-14T22:00", 50), HOUR, days)).toEqual([
      { first: 2, last: 25, look: "other" },
    ]);
  });

  it("are not marked where a bar is a session, or none is known", () => {
    expect(sessionRuns(bars("2012-10-15T00:00", 3, 24 * HOUR), 24 * HOUR, WEEK)).toEqual([]);
    expect(sessionRuns(bars("2012-10-15T00:00", 3), HOUR, [])).toEqual([]);
  });
});

describe("indicators", () => {
  beforeEach(() => useIndicators.setState({ shown: [] }));

  it("are drawn when they are wanted", () => {
    toggleIndicator("sma");
    toggleIndicator("bollinger");
    const { shown } = useIndicators.getState();
    const lines = indicatorLines(new Array(25).fill(2), shown);
    expect(Object.keys(lines).sort()).toEqual(["lower", "middle", "sma", "upper"]);
    expect(lines.sma?.[19]).toBe(2);
    toggleIndicator("sma");
    expect(useIndicators.getState().shown).toEqual(["bollinger"]);
  });
});

describe("pods", () => {
  const pod = (name: string, phase: "trading" | "learning" | null, draining = false) => ({
    pod: name,
    pool: name.slice(0, 4),
    draining,
    heartbeat: phase ? { phase, state: "ready" as const } : null,
  });
  const all = [pod("XNYS-1", "trading"), pod("XNYS-2", "learning", true), pod("24/7-1", null)];

  it("are shown by what is asked for", () => {
    const names = (filter: object) => filterPods(all, filter).map((each) => each.pod);
    expect(names({})).toHaveLength(3);
    expect(names({ pool: "XNYS", phase: "trading" })).toEqual(["XNYS-1"]);
    expect(names({ state: "silent" })).toEqual(["24/7-1"]);
    expect(all.map(stateOf)).toEqual(["ready", "draining", "silent"]);
  });

  it("hold memory by agent, shared pages by their shares", () => {
    const agent = (name: string, pss_bytes: number, rss_bytes: number) => ({
      name,
      pss_bytes,
      rss_bytes,
    });
    expect(
      memoryByAgent([agent("trading", 5, 9), agent("chatbot", 0, 3), agent("trading", 1, 1)]),
    ).toEqual([
      { name: "trading", bytes: 6 },
      { name: "chatbot", bytes: 3 },
    ]);
  });
});

describe("a condition", () => {
  it("tells the numbers behind it, and nothing where there are none", () => {
    expect(contextWords({ drawdown: "0.31", day_limit: "0.3", why: "-" })).toBe(
      "drawdown 0.31, day limit 0.3",
    );
    expect(contextWords({})).toBe("");
  });
});
