import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SOURCES = join(ROOT, "src");

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
  .map((name) => ({ name, text: readFileSync(join(SOURCES, name), "utf8") }));

/** The folders that a file imports from, as paths below `src`. */
function imports(file: { name: string; text: string }): string[] {
  return [...file.text.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].flatMap(([, path = ""]) => {
    if (path.startsWith("@/")) return [path.slice(2)];
    if (path.startsWith(".")) return [relative(SOURCES, join(SOURCES, file.name, "..", path))];
    return [];
  });
}

describe("the house", () => {
  it("keeps features apart", () => {
    const crossings = files.flatMap((file) => {
      const own = /^features\/(\w+)\//.exec(file.name)?.[1];
      return imports(file)
        .filter(
          (path) => own && /^features\/(?!\w+$)/.test(path) && !path.startsWith(`features/${own}/`),
        )
        .map((path) => `${file.name} imports ${path}`);
    });
    expect(crossings).toEqual([]);
  });

  it("lets imports run downwards: app, features, then live, components, api, lib", () => {
    const floors = ["lib", "api", "components", "live", "features", "app"];
    const floor = (path: string): number => floors.indexOf(path.split("/")[0] ?? "");
    const upwards = files
      .filter((file) => file.name !== "main.tsx")
      .flatMap((file) =>
        imports(file)
          .filter((path) => floor(path) > floor(file.name))
          .map((path) => `${file.name} imports ${path}`),
      );
    expect(upwards).toEqual([]);
  });

  it("has small files", () => {
    const sizes = files.map((file) => file.text.split("\n").length).sort((a, b) => a - b);
    expect(sizes.at(-1)).toBeLessThanOrEqual(200);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(60);
  });

  it("has one component a file", () => {
    const crowded = files
      .filter((file) => file.name.endsWith(".tsx"))
      .filter((file) => (file.text.match(/^export function [A-Z]/gm) ?? []).length > 1);
    expect(crowded.map((file) => file.name)).toEqual([]);
  });

  it("imports no package that package.json does not name", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const strays = files.flatMap((file) =>
      [...file.text.matchAll(/(?:from|import)\s*\(?"((?:@[\w-]+\/)?[\w-]+)[^"]*"/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !(name in dependencies))
        .map((name) => `${file.name} imports ${name}`),
    );
    expect(strays).toEqual([]);
  });

  it("says on every panel how old it is, forms apart", () => {
    const silent = files
      .filter((file) => file.name.startsWith("features/") && /<Panel\b/.test(file.text))
      .filter((file) => !/<Freshness\b/.test(file.text) && !/<(form|\w+Form)\b/.test(file.text));
    expect(silent.map((file) => file.name)).toEqual([]);
  });

  it("formats instants in one place, where the zone is applied", () => {
    const strays = files.filter(
      (file) =>
        /\.toLocale(Date|Time)?String\(/.test(file.text) ||
        (/Intl\.DateTimeFormat\(/.test(file.text) &&
          !/^(lib\/|features\/schedule\/hourMarks)/.test(file.name)),
    );
    expect(strays.map((file) => file.name)).toEqual([]);
  });

  it("has types that are those of the API's description", () => {
    const folder = mkdtempSync(join(tmpdir(), "types-"));
    try {
      const made = join(folder, "schema.d.ts");
      const tool = join(ROOT, "node_modules/.bin/openapi-typescript");
      execFileSync(tool, [join(SOURCES, "api/openapi.json"), "-o", made], { stdio: "pipe" });
      expect(readFileSync(join(SOURCES, "api/schema.d.ts"), "utf8")).toBe(
        readFileSync(made, "utf8"),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);

  it("has a lock that names no registry", () => {
    const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    expect(lock).not.toMatch(/"resolved"|registry\./);
  });
});
