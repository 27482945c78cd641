import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { outcomeOf } from "@/features/signals/outcomeOf";
import { SignalView } from "@/features/signals/SignalView";
import { DEFAULTS, usePreferences } from "@/lib/preferences";

const SIGNAL = {
  id: "desk-1.20121015T191500Z.XNYS.IBM",
  desk: "desk-1",
  pod: "pod-a",
  bar_end: "2012-10-15T19:15:00Z",
  interval: "15m",
  policy_version: "rule:momentum@1",
  instrument: "XNYS:IBM",
  weight_before: 0.1,
  weight_after: 0.3,
  price: 200,
  score: 0.3,
  base: 0.1,
  contributions: { momentum: 0.25, volatility: -0.05 },
  reason: "momentum is up",
  synthetic: true,
  outcome: "executed",
  trace_id: null,
};
const EXPLANATION = {
  signal: SIGNAL.id,
  instrument: SIGNAL.instrument,
  policy_version: SIGNAL.policy_version,
  base: 0.1,
  score: 0.3,
  contributions: SIGNAL.contributions,
  reason: "momentum is up",
  instruments: ["XNYS:IBM"],
  observation: [],
  weight_wanted: 0.6,
  weight_after: 0.3,
  limits: { wanted_gross: 1.8, profile_gross: 0.9, scale: 0.5 },
  order: {
    id: "o",
    side: "buy",
    quantity: "12",
    state: "denied",
    reason: "order_value",
    context: {},
  },
};
const bar = (end: string, high: number, low: number, close: number) => ({
  instrument: SIGNAL.instrument,
  interval: "15m",
  start: end,
  end,
  open: close,
  high,
  low,
  close,
  volume: 1,
  synthetic: true,
});
const BARS = [
  bar("2012-10-15T19:15:00Z", 999, 1, 200),
  bar("2012-10-15T19:30:00Z", 206, 199, 204),
  bar("2012-10-15T19:45:00Z", 205, 198, 202),
];

let client: QueryClient;

function Around({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

const nameOf = (desk: string) => (desk === SIGNAL.desk ? "Ann's desk" : undefined);

function served(bars: object[]): void {
  const answers: Record<string, object> = {
    [`/api/v1/signals/${SIGNAL.id}`]: SIGNAL,
    [`/api/v1/signals/${SIGNAL.id}/explanation`]: EXPLANATION,
    "/api/v1/market/instruments": [{ id: SIGNAL.instrument, price_decimals: 2 }],
    "/api/v1/market/bars": { bars, bars_per_point: 1, synthetic: true },
  };
  vi.stubGlobal(
    "fetch",
    async (request: Request) =>
      new Response(JSON.stringify(answers[new URL(request.url).pathname] ?? {})),
  );
}

beforeEach(() => {
  usePreferences.setState({ ...DEFAULTS, language: "en" });
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("what came of a signal", () => {
  it("counts from the bars after its own, at best and at worst for what it wanted", () => {
    const found = outcomeOf(SIGNAL, BARS);
    expect(found).toMatchObject({ bars: 2, last: 202, right: true });
    expect(found?.move).toBeCloseTo(0.01, 12);
    expect(found?.best).toBeCloseTo(0.03, 12);
    expect(found?.worst).toBeCloseTo(-0.01, 12);
    expect(found?.worth).toBeCloseTo(0.002, 12);
  });

  it("turns best and worst round for a signal downwards", () => {
    const down = outcomeOf({ ...SIGNAL, weight_after: 0 }, BARS);
    expect(down?.right).toBe(false);
    expect(down?.best).toBeCloseTo(-0.01, 12);
    expect(down?.worst).toBeCloseTo(0.03, 12);
    expect(down?.worth).toBeCloseTo(-0.001, 12);
  });

  it("is nothing before a bar has closed, and neither right nor wrong without a move", () => {
    expect(outcomeOf(SIGNAL, BARS.slice(0, 1))).toBeNull();
    expect(outcomeOf({ ...SIGNAL, price: 0 }, BARS)).toBeNull();
    expect(outcomeOf({ ...SIGNAL, price: 202 }, BARS)?.right).toBeNull();
  });
});

describe("a signal's page", () => {
  it("shows contributions that add up, the limits, the order's denial, and the price since", async () => {
    served(BARS);
    render(<SignalView id={SIGNAL.id} nameOf={nameOf} />, { wrapper: Around });
    expect(await screen.findByText("= the sum of the above ✓")).toBeTruthy();
    expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("Ann's desk");
    const limits = screen.getByTestId("signal-limits").textContent;
    expect(limits).toContain("wanted a gross exposure of 180.0% of equity");
    expect(limits).toContain("multiplied by 0.500");
    expect(limits).toContain("denied");
    expect((await screen.findByTestId("signal-moved")).textContent).toBe(
      "IBM has moved +1.00% in 2 bars: as the signal wanted.",
    );
    expect(screen.getByTestId("signal-outcome").querySelectorAll("tbody tr")).toHaveLength(3);
  });

  it("names the order's side and state in the reader's language", async () => {
    served(BARS);
    usePreferences.setState({ language: "de" });
    render(<SignalView id={SIGNAL.id} nameOf={nameOf} />, { wrapper: Around });
    expect((await screen.findByTestId("signal-limits")).textContent).toMatch(/Kauf 12 abgelehnt/);
  });

  it("says that no bar has closed yet", async () => {
    served(BARS.slice(0, 1));
    render(<SignalView id={SIGNAL.id} nameOf={nameOf} />, { wrapper: Around });
    expect(await screen.findByText("No bar has closed since the signal.")).toBeTruthy();
  });
});
