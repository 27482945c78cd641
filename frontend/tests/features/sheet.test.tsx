import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { metricValue } from "@/features/learning/metricValue";
import { thinned } from "@/features/learning/thinned";
import { VerdictSheet } from "@/features/learning/VerdictSheet";
import { DEFAULTS, usePreferences } from "@/lib/preferences";

const EQUITY = {
  ends: ["2012-10-15", "2012-10-16", "2012-10-17", "2012-10-18"].map((day) => `${day}T20:00:00Z`),
  lines: [
    { name: "challenger", equity: [1, 1.1, 1.05, 1.2], drawdown: [0, 0, 0.09, 0.02] },
    { name: "champion", equity: [1, 0.9, 0.95, 1], drawdown: [0, 0.1, 0.05, 0] },
  ],
};
const VERDICT = {
  id: "v-1",
  policy_line: "XNYS/IBM/15m/balanced",
  night: "2012-10-16",
  verdict: "champion_kept",
  moved: false,
  stage: null,
  champion: "rule:momentum@1",
  challenger: "sha256:abc",
  sentence: "The champion stays.",
  window_from: EQUITY.ends[0],
  window_to: EQUITY.ends[3],
  bars: 3,
  seeds: 2,
  trials: 4,
  sharpe_difference: 0.1,
  interval_low: -0.2,
  interval_high: 0.4,
  cost_bps: 2.5,
  competitors: [],
  checks: { enough_seeds: true },
  synthetic: true,
  protocol: {},
  measures: {},
  spa: { champion: 0.4 },
  intervals: {},
  paths: 5,
  trial_records: 4,
  at: EQUITY.ends[3],
};
const MEASURES = [{ name: "max_drawdown", value: 0.0925, unit: "share", how: "deepest fall" }];

function Around({ children }: { children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function served(equity: typeof EQUITY | null): void {
  const sheet = { verdict: VERDICT, measures: MEASURES, protocol: [], equity };
  vi.stubGlobal("fetch", async () => Response.json(sheet));
}

beforeEach(() => usePreferences.setState({ ...DEFAULTS, language: "en" }));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("a verdict's lines as a table", () => {
  it("are fewer, end with the last, and keep the deepest falls", () => {
    const rows = thinned(EQUITY, 2);
    expect(rows.map((row) => row.end)).toEqual([EQUITY.ends[1], EQUITY.ends[3]]);
    expect(rows.map((row) => row.equity)).toEqual([
      [1.1, 0.9],
      [1.2, 1],
    ]);
    expect(rows.map((row) => row.drawdown)).toEqual([
      [0, 0.1],
      [0.09, 0.05],
    ]);
    expect(thinned(EQUITY, 10)).toHaveLength(4);
    expect(thinned({ ends: [], lines: [] }, 10)).toEqual([]);
  });

  it("has numbers in their units", () => {
    expect(metricValue(0.0925, "share")).toBe("9.3%");
    expect(metricValue(0.0001234567, "a year")).toBe("0.0001235");
    expect(metricValue(8, "count")).toBe("8");
  });
});

describe("a verdict's sheet", () => {
  it("says costs, units and how numbers are taken, and draws equity and drawdown", async () => {
    served(EQUITY);
    render(<VerdictSheet id="v-1" />, { wrapper: Around });
    expect((await screen.findByTestId("out-of-sample")).textContent).toContain(
      "costs of 2.5 basis points",
    );
    expect(screen.getByTestId("metric-row").textContent).toBe(
      "Maximum drawdown9.3%sharedeepest fall",
    );
    const growth = screen.getByTestId("sheet-equity");
    expect(growth.querySelectorAll("path[data-look]")).toHaveLength(2);
    expect(growth.querySelector("tbody tr:last-child")?.textContent).toContain("20.00%0.00%");
    expect(screen.getByTestId("sheet-drawdown").textContent).toContain("−10.00%");
  });

  it("says why it has no curves where none were kept", async () => {
    served(null);
    render(<VerdictSheet id="v-1" />, { wrapper: Around });
    expect((await screen.findByTestId("sheet-equity")).textContent).toContain(
      "before its curves were kept",
    );
  });
});
