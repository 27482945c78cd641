import { describe, expect, it } from "vitest";
import { GapWatch } from "@/live/gapWatch";
import { merge } from "@/live/merge";
import { parseFrame } from "@/live/parseFrame";
import { nextSkew } from "@/live/skew";
import { upsert } from "@/live/upsert";

type Row = { id: string; state: string };
const key = (row: Row): string => row.id;

describe("rows of the socket", () => {
  it("replace the server's by key, and new ones come first", () => {
    const server = [
      { id: "b", state: "accepted" },
      { id: "a", state: "accepted" },
    ];
    const live = [
      { id: "c", state: "submitted" },
      { id: "a", state: "filled" },
    ];
    expect(merge(server, live, key).map((row) => `${row.id} ${row.state}`)).toEqual([
      "c submitted",
      "b accepted",
      "a filled",
    ]);
  });

  it("are kept once each, and not for ever", () => {
    let rows: Row[] = [];
    for (let each = 0; each < 1000; each++) rows = upsert(rows, { id: `${each}`, state: "" }, key);
    rows = upsert(rows, { id: "999", state: "again" }, key);
    expect(rows).toHaveLength(400);
    expect(rows[0]).toEqual({ id: "999", state: "again" });
  });
});

describe("a gap", () => {
  it("is asked for once, and again on another connection", () => {
    const gaps = new GapWatch();
    const cursor = { epoch: "e1", seq: "4-0" };
    expect(gaps.resume(cursor)).toEqual({ op: "resume", ...cursor });
    expect(gaps.resume(cursor)).toBeNull();
    gaps.forget();
    expect(gaps.resume(cursor)).not.toBeNull();
    expect(gaps.resume(null)).toBeNull();
  });
});

describe("a message", () => {
  it.each([
    "",
    "{",
    "[]",
    "null",
    '{"kind":"tick"}',
    '{"kind":"tick","data":null}',
  ])("that is no frame is left alone: %s", (text) => expect(parseFrame(text)).toBeNull());

  it("may leave out what is null", () => {
    expect(parseFrame('{"kind":"heartbeat","data":{"queued":0}}')).toMatchObject({ seq: null });
  });
});

describe("the skew of clocks", () => {
  it("is the smallest difference seen, since the way only adds", () => {
    const first = nextSkew(null, 10_500, 10);
    expect(first).toBeCloseTo(0.5);
    expect(nextSkew(first, 20_100, 20)).toBeCloseTo(0.1);
    expect(nextSkew(0.1, 39_000, 30)).toBeCloseTo(0.102);
  });
});
