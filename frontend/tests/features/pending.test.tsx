import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BudgetsPanel } from "@/features/budgets/BudgetsPanel";
import { VerdictSentence } from "@/features/learning/VerdictSentence";
import { DEFAULTS, usePreferences } from "@/lib/preferences";

/** What each path answers; a path that is not here answers never. */
let answers: Record<string, () => Response>;
let client: QueryClient;

const NOTHING = () => Response.json({ items: [], next_cursor: null });
const AWAY = () => Response.json({ code: "away", detail: "Postgres is away" }, { status: 503 });

const SPENT = { tokens: 0, usd: "0", left_tokens: null, left_usd: null };
const OPEN = { ...SPENT, most_tokens: null, most_usd: null };
const ANN = () => {
  const person = { user: "u-1", login: "ann", name: "Ann", own: false, day: OPEN, month: OPEN };
  return Response.json({ items: [person], next_cursor: null });
};

function Around({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

beforeEach(() => {
  usePreferences.setState({ ...DEFAULTS, language: "en" });
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  answers = {};
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    const known = answers[path];
    return known ? known() : new Promise<Response>(() => {});
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the last verdict", () => {
  const shown = () => screen.getByTestId("verdict-sentence").textContent;

  it("is said to be read, not to be missing, until it is there", () => {
    render(<VerdictSentence line="line-1" />, { wrapper: Around });
    expect(shown()).toBe("Reading the last verdict…");
  });

  it("is said to be none only by an answer", async () => {
    answers["/verdicts"] = NOTHING;
    render(<VerdictSentence line="line-1" />, { wrapper: Around });
    await vi.waitFor(() => expect(shown()).toBe("No night has been judged yet."));
  });

  it("is told with the reason where it cannot be read", async () => {
    answers["/verdicts"] = AWAY;
    render(<VerdictSentence line="line-1" />, { wrapper: Around });
    await vi.waitFor(() => expect(shown()).toContain("The last verdict cannot be shown."));
    expect(shown()).toContain("Postgres is away");
  });
});

describe("everyone's limits", () => {
  const everyone = () => screen.findByText("Everyone").then((cell) => cell.closest("tr"));

  it("are not said to be none while they are read, nor can they be set", async () => {
    answers["/budgets/people"] = ANN;
    answers["/budget"] = () => Response.json({ accounts: [] });
    render(<BudgetsPanel maySet />, { wrapper: Around });
    const row = within((await everyone()) as HTMLElement);
    expect(row.queryByText("no limit")).toBeNull();
    expect(row.getAllByText("—")).toHaveLength(2);
    expect(row.queryByRole("button")).toBeNull();
  });

  it("are none once it is known, and can be set", async () => {
    answers["/budgets/people"] = ANN;
    answers["/budgets"] = NOTHING;
    answers["/budget"] = () => Response.json({ accounts: [] });
    render(<BudgetsPanel maySet />, { wrapper: Around });
    const row = within((await everyone()) as HTMLElement);
    await vi.waitFor(() => expect(row.getAllByText("no limit")).toHaveLength(2));
    expect(row.getByRole("button")).toBeTruthy();
  });
});
