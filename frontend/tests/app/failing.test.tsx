import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type User, useSession } from "@/api/session";
import { App } from "@/app/App";
import { PAGES } from "@/app/pages";
import { router } from "@/app/router";
import { usePreferences } from "@/lib/preferences";

/** Ways in which the server fails, and what has to be read then: what to do, and a code to quote. */
const FAILURES: Record<string, { answer: () => Promise<Response>; says: RegExp }> = {
  "fails by mistake": {
    answer: async () =>
      Response.json(
        { title: "Internal error", status: 500, detail: "the log has it", code: "internal_error" },
        { status: 500, headers: { "X-Request-Id": "req_7" } },
      ),
    says: /Try again.*tell an operator.*internal_error · req_7/,
  },
  "is away behind a proxy": {
    answer: async () => new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 }),
    says: /HTTP 502.*Try again.*server_failed/,
  },
  "cannot be reached": {
    answer: async () => Promise.reject(new TypeError("Failed to fetch")),
    says: /cannot be reached. Check the connection and try again.*unreachable/,
  },
  refuses: {
    answer: async () =>
      Response.json(
        { status: 403, detail: "ask an operator for the role", code: "forbidden" },
        { status: 403 },
      ),
    says: /Ask an operator for the role.*forbidden/,
  },
};
const PATHS = [...PAGES.map((page) => page.path), "/signals/one", "/learning/verdicts/one"];

let failing: keyof typeof FAILURES;

/** As an operator, or as a trader where the page is a trader's. */
function enter(path: string): void {
  const page = PAGES.find((each) => each.path !== "/" && path.startsWith(each.path)) ?? PAGES[0];
  const role: User["role"] = page?.for("operator") ? "operator" : "trader";
  const user: User = { id: "user_1", login: "somebody", name: "Somebody", role };
  useSession.setState({ status: "in", accessToken: "token", user });
}

/** Lets lazy parts come and time pass, over the tries that a failed reading is worth. */
async function pass(until: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20 && !until(); turn++) {
    await vi.dynamicImportSettled();
    await act(() => vi.advanceTimersByTimeAsync(1000));
  }
}

// It stays: what is still asked for when a page is left must not reach for a real server.
vi.stubGlobal("fetch", () => FAILURES[failing]?.answer());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  usePreferences.setState({ toured: true });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const EVERY = PATHS.map((path) => ["fails by mistake", path] as const);
const ELSE = ["is away behind a proxy", "cannot be reached", "refuses"].map(
  (name) => [name, "/pods"] as const,
);

describe("where the server", () => {
  it.each([...EVERY, ...ELSE])("%s, %s says what, why and what to do", async (name, path) => {
    failing = name;
    enter(path);
    const { container } = render(<App />);
    act(() => void router.navigate({ to: path }));
    const alerts = () => [...container.querySelectorAll("main [role=alert]")];
    const loading = () => container.querySelector("main [aria-busy=true]");
    await pass(() => alerts().length > 0 && !loading());
    expect(alerts().length).toBeGreaterThan(0);
    expect(loading()).toBeNull();
    for (const alert of alerts()) {
      expect(alert.querySelector("strong")?.textContent).toMatch(/\w+ .*\.\s*$/);
      expect(alert.textContent).toMatch(FAILURES[name]?.says ?? /never/);
      expect(alert.querySelector("button")?.textContent).toBe("Try again");
    }
  });
});
