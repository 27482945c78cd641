import { describe, expect, it } from "vitest";
import { auditSearch } from "@/app/auditSearch";
import { moved, ordered, PANELS, shown } from "@/app/deskPanels";
import { homeOf, mayOpen, PAGES, pagesFor } from "@/app/pages";
import { matching } from "@/app/palette/matching";
import { isTyping, shortcutOf } from "@/app/shortcuts/shortcutOf";
import { signalsSearch } from "@/app/signalsSearch";
import { usageSearch } from "@/app/usageSearch";
import { changesOf } from "@/features/audit/changesOf";
import { handlingOf } from "@/worker/handling";

describe("the pages", () => {
  it("are those of the role", () => {
    const names = (role: Parameters<typeof pagesFor>[0]) => pagesFor(role).map((page) => page.name);
    expect(names("trader")).toEqual(["desk", "signals", "schedule", "learning", "keys"]);
    expect(names("viewer")).toEqual([
      "operator",
      "signals",
      "schedule",
      "learning",
      "pods",
      "instructions",
      "usage",
      "keys",
    ]);
    expect(names("operator")).toContain("audit");
    expect(mayOpen("/audit", "viewer")).toBe(false);
    expect(mayOpen("/audit", "risk")).toBe(true);
    expect(mayOpen("/elsewhere", "viewer")).toBe(true);
    expect([homeOf("trader"), homeOf("risk")]).toEqual(["/", "/operator"]);
  });

  it("have a key each, and everybody may open where they begin", () => {
    expect(new Set(PAGES.map((page) => page.key)).size).toBe(PAGES.length);
    for (const role of ["trader", "operator", "risk", "viewer"] as const) {
      expect(mayOpen(homeOf(role), role)).toBe(true);
    }
  });
});

describe("the address", () => {
  it("keeps what it knows and drops the rest", () => {
    expect(auditSearch({ subject: "desk:1", other: 1 })).toEqual({ subject: "desk:1" });
    expect(auditSearch({ subject: "" })).toEqual({});
    expect(usageSearch({ since: "2026-11-01", until: "yesterday" })).toEqual({
      since: "2026-11-01",
    });
  });
});

describe("which signals", () => {
  it("is the instrument's and the desk's that the address names", () => {
    expect(signalsSearch({ instrument: "XNYS:IBM", desk: "d-1", page: 2 })).toEqual({
      instrument: "XNYS:IBM",
      desk: "d-1",
    });
    expect(signalsSearch({ instrument: "", desk: 7 })).toEqual({});
  });
});

describe("the desk's panels", () => {
  it("come in the order saved; new ones keep their place, unknown names fall away", () => {
    expect(ordered([])).toEqual([...PANELS]);
    const order = ordered(["fills", "chart", "gone"]);
    expect(order.indexOf("fills")).toBeLessThan(order.indexOf("chart"));
    expect(order.indexOf("ticket")).toBe(order.indexOf("chart") + 1);
    expect([...order].sort()).toEqual([...PANELS].sort());
  });

  it("can be put away, but never the ticket with the kill switch", () => {
    expect(shown([], ["fills", "ticket"])).toEqual(PANELS.filter((id) => id !== "fills"));
  });

  it("move within their bounds", () => {
    expect(moved([], "chart", -1).slice(0, 2)).toEqual(["chart", "verdict"]);
    expect(moved([], "verdict", -1)).toEqual([...PANELS]);
    expect(moved([], "fills", 5)).toEqual([...PANELS]);
  });
});

describe("the palette", () => {
  const commands = ["Go to Schedule", "Chart of AAPL", "Theme: Dark", "Gehe zu Verbräuche"].map(
    (text) => ({ id: text, text, run: () => undefined }),
  );
  const found = (query: string) => matching(commands, query).map((command) => command.text);

  it("finds by parts of words, in any order and without accents", () => {
    expect(found("sched")).toEqual(["Go to Schedule"]);
    expect(found("dark theme")).toEqual(["Theme: Dark"]);
    expect(found("verbrauche")).toEqual(["Gehe zu Verbräuche"]);
    expect(found("nothing")).toEqual([]);
    expect(found("")).toHaveLength(4);
  });

  it("puts first what begins so", () => {
    expect(found("a")[0]).toBe("Chart of AAPL");
  });
});

describe("a key", () => {
  const press = (key: string, control = false, alt = false) => ({ key, control, alt });

  it("opens a page after g, and means nothing else then", () => {
    expect(shortcutOf(press("g"), false, true)).toEqual({ kind: "prefix" });
    expect(shortcutOf(press("s"), true, true)).toEqual({ kind: "page", path: "/schedule" });
    expect(shortcutOf(press("?"), true, true)).toBeNull();
    expect(shortcutOf(press("s"), false, true)).toBeNull();
  });

  it("is a letter while somebody types, except with Control", () => {
    expect(shortcutOf(press("k"), false, false)).toBeNull();
    expect(shortcutOf(press("k", true), false, false)).toEqual({ kind: "palette" });
    expect(shortcutOf(press("c", true), false, true)).toBeNull();
    expect(shortcutOf(press("c", false, true), false, true)).toBeNull();
    expect(isTyping(document.createElement("textarea"))).toBe(true);
    expect(isTyping(document.createElement("button"))).toBe(false);
  });
});

describe("the service worker", () => {
  const origin = "https://desk.example";
  const handling = (path: string, mode = "cors", method = "GET") =>
    handlingOf({ method, mode, url: new URL(path, origin).href }, origin);

  it("keeps the page and its files", () => {
    expect(handling("/", "navigate")).toBe("page");
    expect(handling("/schedule?x=1", "navigate")).toBe("page");
    expect(handling("/assets/index-abc.js")).toBe("asset");
    expect(handling("/favicon.svg")).toBe("asset");
  });

  it.each([
    "/api/v1/desk",
    "/api",
    "/docs",
    "/openapi.json",
    "/metrics",
    "/v1/models",
    "/mcp",
  ])("never keeps %s, however it is asked for", (path) => {
    expect(handling(path)).toBe("leave");
    expect(handling(path, "navigate")).toBe("leave");
  });

  it("leaves other origins, other methods and unknown files alone", () => {
    expect(handling("https://elsewhere.example/assets/x.js")).toBe("leave");
    expect(handling("/assets/x.js", "cors", "POST")).toBe("leave");
    expect(handling("/sw.js")).toBe("leave");
    expect(handling("/shell.json")).toBe("leave");
  });
});

describe("an audit row", () => {
  it("shows the fields that differ", () => {
    expect(changesOf({ a: 1, b: "x", c: [1] }, { a: 2, b: "x", d: null })).toEqual([
      { field: "a", before: "1", after: "2" },
      { field: "c", before: "[1]", after: null },
      { field: "d", before: null, after: "null" },
    ]);
    expect(changesOf(null, null)).toEqual([]);
  });
});
