import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/** What may be loaded, in kB of gzipped JavaScript, until a page stands. */
const BUDGETS = [
  { what: "the shell", modules: ["main.tsx", "app/Shell.tsx"], kilobytes: 130 },
  { what: "the desk", modules: ["main.tsx", "app/Shell.tsx", "app/DeskPage.tsx"], kilobytes: 200 },
] as const;

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

/**
 * Writes `shell.json`, the files that the service worker keeps, and fails the build where a page
 * would load more than its budget.
 */
export function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunks = closure(bundle, BUDGETS[0].modules);
      const styles = Object.keys(bundle).filter((name) => name.endsWith(".css"));
      const files = [...chunks.map((chunk) => chunk.fileName), ...styles].map((name) => `/${name}`);
      const source = JSON.stringify([...new Set(files), "/favicon.svg", "/app.json"]);
      this.emitFile({ type: "asset", fileName: "shell.json", source });
      for (const { what, modules, kilobytes } of BUDGETS) {
        const size = sizeOf(closure(bundle, modules));
        const says = `${what} loads ${size.toFixed(1)} kB of gzipped JavaScript, of at most ${kilobytes}`;
        if (size > kilobytes) this.error(says);
        this.info(says);
      }
      const worker = chunkOf(bundle, "worker/sw.ts");
      if (worker.imports.length) this.error("the service worker must be one file without imports");
    },
  };
}

/** The chunks of the modules with all that they import at once. */
function closure(bundle: Bundle, modules: readonly string[]): Chunk[] {
  const found = new Map<string, Chunk>();
  const visit = (chunk: Chunk): void => {
    if (found.has(chunk.fileName)) return;
    found.set(chunk.fileName, chunk);
    for (const name of chunk.imports) {
      const next = bundle[name];
      if (next?.type === "chunk") visit(next);
    }
  };
  for (const module of modules) visit(chunkOf(bundle, module));
  return [...found.values()];
}

function chunkOf(bundle: Bundle, module: string): Chunk {
  const chunk = Object.values(bundle).find(
    (each): each is Chunk =>
      each.type === "chunk" && each.moduleIds.some((id) => id.endsWith(`/src/${module}`)),
  );
  if (!chunk) throw new Error(`no chunk of the build holds src/${module}`);
  return chunk;
}

function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, chunk) => sum + gzipSync(chunk.code, { level: 9 }).length, 0) / 1000;
}
