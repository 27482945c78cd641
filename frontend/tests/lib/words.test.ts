import { afterEach, describe, expect, it } from "vitest";
import { formatMessage } from "@/lib/formatMessage";
import { currentLanguage, languageOf } from "@/lib/language";
import { namesOf, parseMessage } from "@/lib/message";
import { formatMoney, formatShare } from "@/lib/numbers";
import { DEFAULTS, usePreferences } from "@/lib/preferences";
import { schemeOf } from "@/lib/scheme";
import { formatInstant, formatSpan } from "@/lib/time";
import type { Words } from "@/lib/words";

const modules = import.meta.glob<Record<string, unknown>>("../../src/**/*[wW]ords.ts", {
  eager: true,
});

const catalogues = Object.entries(modules).flatMap(([path, module]) =>
  Object.values(module)
    .filter((each): each is Words => typeof each === "object" && each !== null && "de" in each)
    .map((catalogue) => [path.replace("../../src/", ""), catalogue] as const),
);

afterEach(() => usePreferences.setState(DEFAULTS));

describe("the catalogues", () => {
  it("are found", () => expect(catalogues.length).toBeGreaterThan(5));

  it.each(catalogues)("%s says the same in both languages", (_path, { en, de }) => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const [key, english] of Object.entries(en)) {
      const german = de[key] ?? "";
      expect(german.trim(), key).not.toBe("");
      expect(namesOf(parseMessage(german)), key).toEqual(namesOf(parseMessage(english)));
    }
  });
});

describe("a message", () => {
  const bars = "{count, plural, =0 {no bars} one {# bar} other {# bars}} of {name}";

  it("counts as its language does", () => {
    expect(formatMessage(bars, { count: 0, name: "IBM" }, "en")).toBe("no bars of IBM");
    expect(formatMessage(bars, { count: 1, name: "IBM" }, "en")).toBe("1 bar of IBM");
    expect(formatMessage(bars, { count: 1200, name: "IBM" }, "en")).toBe("1,200 bars of IBM");
    expect(formatMessage(bars, { count: 1200, name: "IBM" }, "de")).toBe("1.200 bars of IBM");
  });

  it("writes numbers, and names a value that is missing", () => {
    expect(formatMessage("{n, number}", { n: 1234.5 }, "de")).toBe("1.234,5");
    expect(formatMessage("at {place}", {}, "en")).toBe("at {place}");
  });

  it.each(["{name", "a } b", "{n, plural, one {x}}", "{n, date}"])("refuses %s", (message) => {
    expect(() => parseMessage(message)).toThrow(message);
  });
});

describe("the language", () => {
  it("is the browser's until one is chosen", () => {
    expect(languageOf(null, "de-AT")).toBe("de");
    expect(languageOf(null, "fr")).toBe("en");
    expect(languageOf("en", "de")).toBe("en");
  });

  it("writes numbers and times, exact as ever", () => {
    usePreferences.setState({ language: "de" });
    expect(currentLanguage()).toBe("de");
    expect(formatMoney("90071992547409931.25")).toBe("90.071.992.547.409.931,25");
    expect(formatMoney("-0.001")).toBe("0,00");
    expect(formatShare(-0.0123, 2)).toBe("−1,23%");
    expect(formatSpan(0.42)).toBe("0,4 s");
    expect(formatInstant("2012-10-15T19:00:00Z", "UTC", "day")).toBe("15. Okt.");
    usePreferences.setState({ language: "en" });
    expect(formatMoney("1234.5")).toBe("1,234.50");
  });
});

describe("the theme", () => {
  it("is the machine's until one is chosen", () => {
    expect(schemeOf("system", true)).toBe("light");
    expect(schemeOf("system", false)).toBe("dark");
    expect(schemeOf("dark", true)).toBe("dark");
  });
});
