import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { shell } from "./build/shell.ts";

// Where `npm run dev` finds the back end; the built client is served by it at the same origin.
const backend = process.env.SHIFTDESK_BACKEND ?? "http://127.0.0.1:8000";

/** What every page stands on, but for what only some of them load later. */
const SHELL =
  /src\/(lib|api|live|components)\/(?!.*\b(PagesGate|usePages|Textarea|PasswordInput|LineChart|linePath|sse|serverEvents|streamId)\.)/;

export default defineConfig({
  plugins: [react(), shell()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": { target: backend, ws: true } } },
  build: {
    target: "es2022",
    sourcemap: false,
    // 9 kB in one file: a part that is loaded later never waits, or fails, for its style sheet.
    cssCodeSplit: false,
    rolldownOptions: {
      input: { index: "index.html", sw: "src/worker/sw.ts" },
      output: {
        // A service worker rules the folder that it lies in.
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        codeSplitting: {
          // Few large files compress better than many small ones: 7 kB of 200 on the desk.
          groups: [
            { name: "charts", test: /node_modules\/(lightweight-charts|fancy-canvas)\// },
            { name: "vendor", test: /node_modules\// },
            { name: "shell", test: SHELL },
          ],
        },
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true },
});
