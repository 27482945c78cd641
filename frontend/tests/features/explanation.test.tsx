import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { READ_AGAIN_MS } from "@/api/readAgain";
import { ExplanationBody } from "@/features/signals/ExplanationBody";
import { signalId } from "@/features/signals/signalId";
import { RECORD_TRIES, RECORD_WAIT_MS } from "@/features/signals/useExplanation";

const SIGNAL = "desk-1.20121015T191500Z.XNYS.IBM";
const FROZEN = {
  signal: SIGNAL,
  instrument: "XNYS:IBM",
  policy_version: "rule:momentum@1",
  base: 0.1,
  score: 0.3,
  contributions: { momentum: 0.25, volatility: -0.05 },
  reason: "momentum is up",
};

let client: QueryClient;
let asked: string[];

function Around({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** Answers of the server in their order, the last one for ever. */
function answers(...replies: [status: number, body: object][]): void {
  vi.stubGlobal("fetch", async (request: Request) => {
    const [status, body] = replies[Math.min(asked.length, replies.length - 1)] ?? [500, {}];
    asked.push(new URL(request.url).pathname);
    return new Response(JSON.stringify(body), { status });
  });
}

const MISSING: [number, object] = [404, { code: "signal_not_found", detail: "there is none" }];

/** Lets time pass, and a moment for what an answer changes to be shown. */
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms + 20));

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  asked = [];
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("a signal's id", () => {
  it("follows from desk, bar end and instrument", () => {
    expect(signalId("desk-1", "2012-10-15T19:15:00Z", "XNYS:IBM")).toBe(SIGNAL);
    expect(signalId("desk-1", "2012-10-15T15:15:00-04:00", "XNYS:IBM")).toBe(SIGNAL);
  });
});

describe("an explanation", () => {
  it("is the one on record, asked for once", async () => {
    answers([200, FROZEN]);
    render(<ExplanationBody signal={SIGNAL} />, { wrapper: Around });
    expect(screen.getByRole("status").textContent).toBe("Loading the reasons…");
    await pass(0);
    expect(screen.getByText("momentum is up")).toBeTruthy();
    expect(screen.getByText("= the sum of the above ✓")).toBeTruthy();
    expect(screen.getByText("+0.2500")).toBeTruthy();
    expect(asked).toEqual([`/api/v1/signals/${SIGNAL}/explanation`]);
  });

  it("is waited for while the signal is ahead of the record, and says so", async () => {
    answers(MISSING, MISSING, [200, FROZEN]);
    render(<ExplanationBody signal={SIGNAL} />, { wrapper: Around });
    await pass(0);
    expect(screen.getByRole("status").textContent).toMatch(/^Not on record yet.* 1 of/);
    await pass(RECORD_WAIT_MS);
    expect(screen.getByRole("status").textContent).toMatch(/^Not on record yet.* 2 of/);
    await pass(RECORD_WAIT_MS);
    expect(screen.getByText("momentum is up")).toBeTruthy();
    expect(asked).toHaveLength(3);
  });

  it("is read again while its order is open, and no longer", async () => {
    const order = (state: string): [number, object] => [200, { ...FROZEN, order: { state } }];
    answers(order("accepted"), order("filled"));
    render(<ExplanationBody signal={SIGNAL} />, { wrapper: Around });
    await pass(0);
    await pass(READ_AGAIN_MS);
    expect(asked).toHaveLength(2);
    await pass(3 * READ_AGAIN_MS);
    expect(asked).toHaveLength(2);
  });

  it("that never is recorded is given up after a while, and can be asked for again", async () => {
    answers(MISSING);
    render(<ExplanationBody signal={SIGNAL} />, { wrapper: Around });
    await pass((RECORD_TRIES + 1) * RECORD_WAIT_MS);
    expect(screen.getByRole("alert").textContent).toMatch(/not on record/);
    expect(asked).toHaveLength(RECORD_TRIES + 1);
    await pass(60_000);
    expect(asked).toHaveLength(RECORD_TRIES + 1);
    answers([200, FROZEN]);
    fireEvent.click(screen.getByText("Ask again"));
    await pass(0);
    expect(screen.getByText("momentum is up")).toBeTruthy();
  });

  it("that is refused says why, at once", async () => {
    answers([403, { code: "forbidden", detail: "this is not yours" }]);
    render(<ExplanationBody signal={SIGNAL} />, { wrapper: Around });
    await pass(0);
    expect(screen.getByRole("alert").textContent).toMatch(/This is not yours/);
    expect(asked).toHaveLength(1);
  });
});
