import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { hourMarks } from "@/features/schedule/hourMarks";
import { nextAfter } from "@/features/schedule/nextAfter";
import { bodyOf, defaultSpan } from "@/features/schedule/overrideDraft";
import { refusedFields } from "@/features/schedule/refusedFields";
import { ringArc } from "@/features/schedule/ringArc";
import { segmentAt } from "@/features/schedule/segmentAt";
import { stretches } from "@/features/schedule/stretches";

const at = (text: string): number => Date.parse(`2012-10-${text}:00Z`);
const segment = (phase: string, starts: string, ends: string) => ({
  phase,
  starts: new Date(at(starts)).toISOString(),
  ends: new Date(at(ends)).toISOString(),
});
const PLAN = [
  segment("trading", "15T13:30", "15T20:00"),
  segment("learning", "15T20:00", "16T13:30"),
  segment("trading", "16T13:30", "16T15:00"),
  segment("trading", "16T15:00", "16T20:00"),
  segment("learning", "16T20:00", "17T13:30"),
];

describe("the plan", () => {
  it("says who holds now; a segment ends where the next begins", () => {
    expect(segmentAt(PLAN, at("15T19:59"))?.phase).toBe("trading");
    expect(segmentAt(PLAN, at("15T20:00"))?.phase).toBe("learning");
    expect(segmentAt(PLAN, at("18T00:00"))).toBeNull();
  });

  it("says who is next: another phase, not the same one going on", () => {
    expect(nextAfter(PLAN, at("16T14:00"))?.starts).toBe("2012-10-16T20:00:00.000Z");
    expect(nextAfter(PLAN, at("17T00:00"))).toBeNull();
  });
});

describe("a day of it", () => {
  it("is clipped to the day and covers it without gaps", () => {
    const day = stretches(PLAN, at("15T19:00"));
    expect(day.map((each) => each.segment.phase)).toEqual([
      "trading",
      "learning",
      "trading",
      "trading",
    ]);
    expect(day[0]?.from).toBe(0);
    expect(day.reduce((total, each) => total + each.size, 0)).toBeCloseTo(1);
    for (const [index, each] of day.entries()) {
      const before = day[index - 1];
      if (before) expect(each.from).toBeCloseTo(before.from + before.size);
    }
  });

  it("leaves out what lies outside", () => {
    expect(stretches(PLAN, at("20T00:00"))).toEqual([]);
  });
});

describe("the ring", () => {
  it("begins at the top and runs clockwise", () => {
    expect(ringArc(0, 0.25, 10, 20)).toBe("M20 10A10 10 0 0 1 30 20");
  });

  it("takes the long way for more than half", () => {
    expect(ringArc(0, 0.75, 10, 20)).toBe("M20 10A10 10 0 1 1 10 20");
  });

  it("can be full", () => {
    expect(ringArc(0, 1, 10, 20).match(/M/g)).toHaveLength(2);
  });
});

describe("hour marks", () => {
  it("are the zone's hours", () => {
    const marks = hourMarks(at("15T19:00"), 24 * 3600_000, 6, "America/New_York");
    expect(marks.map((mark) => new Date(mark.at).getUTCHours())).toEqual([22, 4, 10, 16]);
    expect(marks[0]?.share).toBeCloseTo(3 / 24);
  });
});

describe("an override's draft", () => {
  const draft = {
    scope: "all",
    phase: "paused" as const,
    until: "2012-10-15T16:00",
    reason: " x ",
  };

  it("is read in the zone it was typed in", () => {
    expect(bodyOf(draft, "America/New_York")).toEqual({
      scope: "all",
      phase: "paused",
      ends: "2012-10-15T20:00:00.000Z",
      reason: "x",
    });
  });

  it("is not sent without its end or its reason", () => {
    expect(bodyOf({ ...draft, until: "" }, "UTC")).toBeNull();
    expect(bodyOf({ ...draft, reason: "  " }, "UTC")).toBeNull();
  });

  it("is proposed for two hours, or for a real minute where hours fly by", () => {
    expect(defaultSpan(1)).toBe(2 * 3600_000);
    expect(defaultSpan(600)).toBe(10 * 3600_000);
  });
});

describe("a refused override", () => {
  const refused = (code: string, field?: string) =>
    refusedFields(
      new Problem(
        { code, detail: "no", ...(field ? { errors: [{ field, message: "m" }] } : {}) },
        422,
      ),
    );

  it("says so at the field that it is about", () => {
    expect(refused("override_reason_too_short")).toEqual({ reason: "no" });
    expect(refused("override_ends_in_past")).toEqual({ ends: "no" });
    expect(refused("override_pool_unknown")).toEqual({ scope: "no" });
    expect(refused("invalid_request", "body.reason")).toEqual({ reason: "m" });
  });

  it("says so beside the form where it is about none", () => {
    expect(refused("scheduler_away")).toEqual({});
  });
});
