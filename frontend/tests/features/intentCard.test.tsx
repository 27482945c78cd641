import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Schema } from "@/api/types";
import { EMPTY_ANSWER } from "@/features/chat/answer";
import { IntentCard } from "@/features/chat/IntentCard";
import { reduceAnswer } from "@/features/chat/reduceAnswer";
import { storedAnswer } from "@/features/chat/storedAnswer";

type Intent = Schema<"IntentView">;

let server: Intent;
let asked: { path: string; body: unknown }[];

const PREPARED: Intent = {
  id: "intent_1",
  kind: "order",
  says: "Buy 10 XNYS:AAPL, market",
  state: "prepared",
  preview: { allowed: true, code: null, detail: "the risk check lets it pass now" },
  nonce: "n-1",
  desk: "desk_1",
  run: "run_1",
  created_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 300_000).toISOString(),
  ended_at: null,
  outcome: null,
};

/** Answers as the back end does: one confirmation, with the nonce, ends the intent. */
async function answer(input: RequestInfo | URL): Promise<Response> {
  const request = input as Request;
  const path = new URL(request.url).pathname;
  const body: unknown = request.method === "POST" ? await request.json().catch(() => null) : null;
  asked.push({ path, body });
  if (path.endsWith("/confirm")) {
    const outcome = { subject: "order:1", code: null, detail: "the order is accepted" };
    server = { ...server, state: "confirmed", nonce: null, outcome };
  }
  if (path.endsWith("/dismiss")) server = { ...server, state: "dismissed", nonce: null };
  return Response.json(server);
}

function show(): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <IntentCard id="intent_1" />
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  server = PREPARED;
  asked = [];
  vi.stubGlobal("fetch", answer);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the card of what was prepared", () => {
  it("does nothing until it is confirmed, and then once, with the nonce", async () => {
    show();
    const button = await screen.findByTestId("intent-confirm");
    expect(screen.getByText("Buy 10 XNYS:AAPL, market")).toBeTruthy();
    expect(asked.map((each) => each.path)).toEqual(["/api/v1/intents/intent_1"]);
    fireEvent.click(button);
    await waitFor(() => expect(screen.getByTestId("intent-state").textContent).toBe("done"));
    const sent = asked.filter((each) => each.path.endsWith("/confirm"));
    expect(sent.map((each) => each.body)).toEqual([{ nonce: "n-1" }]);
    expect(screen.getByText("the order is accepted")).toBeTruthy();
    expect(screen.queryByTestId("intent-confirm")).toBeNull();
  });

  it("can be dismissed", async () => {
    show();
    fireEvent.click(await screen.findByTestId("intent-dismiss"));
    await waitFor(() => expect(screen.getByTestId("intent-state").textContent).toBe("dismissed"));
    expect(screen.queryByTestId("intent-confirm")).toBeNull();
  });

  it("cannot be confirmed where the checks would refuse it, and says why", async () => {
    server = { ...PREPARED, preview: { allowed: false, code: "halted", detail: "it is halted" } };
    show();
    const button = (await screen.findByTestId("intent-confirm")) as HTMLButtonElement;
    expect(button.disabled).toBe(true);
    expect(screen.getByText("It would be refused now: it is halted")).toBeTruthy();
  });

  it("tells that it has expired", async () => {
    server = { ...PREPARED, expires_at: new Date(Date.now() - 1000).toISOString() };
    show();
    const state = await screen.findByTestId("intent-state");
    expect(state.textContent).toBe("expired; ask again");
    expect(screen.queryByTestId("intent-confirm")).toBeNull();
  });
});

describe("an answer that prepares something", () => {
  it("holds it once, also when the run begins anew, and from the history", () => {
    const confirm = { id: "intent_1", says: "Buy" };
    const twice = ["confirm", "confirm"].reduce(
      (now, kind) => reduceAnswer(now, kind, confirm),
      EMPTY_ANSWER,
    );
    expect(twice.intents).toEqual(["intent_1"]);
    expect(reduceAnswer(twice, "step", { name: "restarted" }).intents).toEqual([]);
    const message = { text: "…", data: { intents: [confirm] } } as unknown as Schema<"MessageView">;
    expect(storedAnswer(message).intents).toEqual(["intent_1"]);
  });
});
