import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BudgetsPanel } from "@/features/budgets/BudgetsPanel";
import { draftOf, limitsOf } from "@/features/budgets/limits";
import { shareSpent } from "@/features/budgets/spent";
import { KeysPanel } from "@/features/keys/KeysPanel";

const TEXT = "sdk_only-shown-once";
const KEY = {
  id: "key_1",
  name: "notebook",
  prefix: "sdk_only-sho",
  scopes: ["chat", "read"],
  state: "active",
  created_at: "2026-11-01T00:00:00Z",
  expires_at: "2027-01-30T00:00:00Z",
  last_used_at: null,
  revoked_at: null,
};
const LIMITS = { day_tokens: 5000, month_tokens: null, day_usd: null, month_usd: "20.500000" };
const SPENDING = { tokens: 100, usd: "0.5", left_tokens: 4900, left_usd: null };
const DAY = { ...SPENDING, most_tokens: 5000, most_usd: null };

let client: QueryClient;
let asked: { method: string; path: string; body: unknown }[];

function Around({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function answer(method: string, path: string): unknown {
  if (path.startsWith("/desk/keys")) {
    return method === "POST" ? { ...KEY, key: TEXT } : { items: [KEY], next_cursor: null };
  }
  if (path === "/budget") {
    return { accounts: [{ whose: "organisation", period: "day", since: "2026-11-22", ...DAY }] };
  }
  if (path.startsWith("/budgets/people")) {
    const person = { user: "u-1", login: "ann", name: "Ann", own: true, day: DAY, month: DAY };
    return { items: [person], next_cursor: null };
  }
  const set = { subject: "u-1", set_by: "otto", set_at: "2026-11-01T00:00:00Z" };
  return { items: [{ ...set, ...LIMITS }], next_cursor: null };
}

beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  asked = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const path = pathname.replace("/api/v1", "") + search;
    const text = await request.text();
    asked.push({ method: request.method, path, body: text ? JSON.parse(text) : null });
    if (path.startsWith("/budgets/") && request.method === "DELETE") {
      return new Response(null, { status: 204 });
    }
    return Response.json(answer(request.method, path));
  });
});
afterEach(cleanup);

const sent = (method: string) => asked.find((each) => each.method === method);

describe("a desk's keys", () => {
  it("are made with what was chosen, and shown once", async () => {
    render(<KeysPanel desk={undefined} mayMake mayRevoke />, { wrapper: Around });
    expect((await screen.findByTestId("key-row")).textContent).toContain("sdk_only-sho…");
    fireEvent.click(screen.getByTestId("key-new"));
    expect(screen.getByTestId<HTMLButtonElement>("key-make").disabled).toBe(true);
    fireEvent.change(screen.getByTestId("key-name"), { target: { value: " notebook " } });
    fireEvent.click(screen.getByTestId("key-scope-read"));
    fireEvent.click(screen.getByTestId("key-make"));
    const text = await screen.findByTestId<HTMLInputElement>("key-text");
    expect(text.value).toBe(TEXT);
    expect(sent("POST")?.body).toEqual({
      name: "notebook",
      scopes: ["chat"],
      expires_in_days: 90,
    });
    fireEvent.click(screen.getByRole("button", { name: "Done" }));
    expect(document.body.textContent).not.toContain(TEXT);
    fireEvent.click(screen.getByTestId("key-new"));
    expect(screen.queryByTestId("key-text")).toBeNull();
  });

  it("are revoked after a word on what that does; who only looks on has no button", async () => {
    const { unmount } = render(<KeysPanel desk="d-2" mayMake={false} mayRevoke />, {
      wrapper: Around,
    });
    fireEvent.click(await screen.findByRole("button", { name: "Revoke “notebook”" }));
    expect(screen.getByRole("dialog").textContent).toContain("is refused, for good");
    fireEvent.click(screen.getByTestId("key-revoke"));
    await waitFor(() => expect(sent("DELETE")?.path).toBe("/desk/keys/key_1?desk=d-2"));
    unmount();
    render(<KeysPanel desk="d-2" mayMake={false} mayRevoke={false} />, { wrapper: Around });
    await screen.findByTestId("key-row");
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("budgets", () => {
  it("have limits that a form keeps as they are, dollars as text", () => {
    expect(draftOf(LIMITS)).toEqual({
      day_tokens: "5000",
      month_tokens: "",
      day_usd: "",
      month_usd: "20.5",
    });
    expect(limitsOf(draftOf(LIMITS))).toEqual({ ...LIMITS, month_usd: "20.5" });
    expect(draftOf({ day_usd: "10.000000", day_tokens: 100 }).day_usd).toBe("10");
    expect(draftOf({ day_tokens: 100 }).day_tokens).toBe("100");
    expect([shareSpent(5, null), shareSpent(5, 10), shareSpent(5, 0), shareSpent(9, 3)]).toEqual([
      null,
      0.5,
      1,
      1,
    ]);
  });

  it("say what is spent and left, and are set and taken away by an operator", async () => {
    const { unmount } = render(<BudgetsPanel maySet />, { wrapper: Around });
    const set = await screen.findByRole("button", { name: "Set limits: ann" });
    const [organisation, everyone, ann] = screen.getAllByTestId("budget-row");
    expect(organisation?.textContent).toContain("100 of 5,000 tokens, 4,900 left");
    expect(everyone?.textContent).toContain("no limit");
    expect(ann?.textContent).toContain("own limits");
    fireEvent.click(set);
    fireEvent.change(screen.getByTestId("budget-day_usd"), { target: { value: "1.25" } });
    fireEvent.click(screen.getByTestId("budget-save"));
    await waitFor(() =>
      expect(sent("PUT")).toEqual({
        method: "PUT",
        path: "/budgets/u-1",
        body: { ...LIMITS, day_usd: "1.25", month_usd: "20.5" },
      }),
    );
    await waitFor(() => expect(screen.queryByTestId("budget-save")).toBeNull());
    fireEvent.click(screen.getByRole("button", { name: "Set limits: ann" }));
    fireEvent.click(screen.getByTestId("budget-drop"));
    await waitFor(() => expect(sent("DELETE")?.path).toBe("/budgets/u-1"));
    unmount();
    render(<BudgetsPanel maySet={false} />, { wrapper: Around });
    await screen.findAllByTestId("budget-row");
    expect(screen.queryByRole("button")).toBeNull();
  });
});
