import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Schema } from "@/api/types";
import { CurvesView } from "@/features/learning/CurvesView";
import { cumulative } from "@/features/learning/cumulative";
import { curvesOf } from "@/features/learning/curvesOf";
import { IntervalTable } from "@/features/learning/IntervalTable";
import { intervalsOf, sureness } from "@/features/learning/intervalsOf";
import { LineagePanel } from "@/features/learning/LineagePanel";
import { meanCurve } from "@/features/learning/meanCurve";
import { movesOf } from "@/features/learning/movesOf";
import { smooth } from "@/features/learning/smooth";
import { stageWords } from "@/features/learning/stageWords";
import { verdictWord } from "@/features/learning/verdictWord";
import { VERDICT } from "@/features/learning/verdictWords";
import { formatMessage } from "@/lib/formatMessage";
import { DEFAULTS, usePreferences } from "@/lib/preferences";
import type { Say } from "@/lib/useWords";

const say: Say<keyof (typeof VERDICT)["en"]> = (key, values = {}) =>
  formatMessage(VERDICT.en[key], values, "en");

const stage = (state: string, sessions = 0, of_sessions = 5) => ({
  state,
  why: "",
  changed_at: null,
  sessions,
  of_sessions,
});

beforeEach(() => usePreferences.setState({ ...DEFAULTS, language: "en" }));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("where a challenger stands", () => {
  it("counts its market sessions in shadow", () => {
    expect(stageWords(stage("shadow", 2), "promoted", say)).toBe("in shadow 2 of 5");
  });

  it("says who has to act, and how it ended", () => {
    expect(stageWords(stage("awaiting_approval", 5), "promoted", say)).toBe("awaiting approval");
    expect(stageWords(stage("rejected", 3), "promoted", say)).toBe("rejected");
    expect(stageWords(stage("rolled_back"), "promoted", say)).toBe("rolled back");
  });

  it("is silent where the verdict says it", () => {
    expect(stageWords(stage("rejected"), "champion_kept", say)).toBeNull();
    expect(stageWords(null, "promoted", say)).toBeNull();
  });

  it("calls a verdict what it is: passing the gate promotes nobody yet", () => {
    expect(say(verdictWord("promoted"))).toBe("passed the gate");
    expect(say(verdictWord("champion_kept"))).toBe("champion kept");
  });
});

describe("learning curves", () => {
  const point = (step: number, value: number) => ({ step, value });

  it("smoothed by nothing are themselves, and a level stays a level", () => {
    const raw = [point(1, 3), point(2, 1)];
    expect(smooth(raw, 0)).toEqual(raw);
    for (const { value } of smooth([point(1, 2), point(2, 2), point(3, 2)], 0.9)) {
      expect(value).toBeCloseTo(2, 12);
    }
    expect(smooth([point(1, 0), point(2, 1)], 0.5)[1]?.value).toBeCloseTo(2 / 3, 12);
  });

  it("have a mean where all of them are", () => {
    const mean = meanCurve(
      [
        [point(0, 0), point(10, 10)],
        [point(5, 20), point(20, 20)],
      ],
      3,
    );
    expect(mean).toEqual([point(5, 12.5), point(7.5, 13.75), point(10, 15)]);
    expect(
      meanCurve([
        [point(0, 0), point(1, 1)],
        [point(2, 0), point(3, 1)],
      ]),
    ).toEqual([]);
    expect(meanCurve([])).toEqual([]);
  });

  const told: Schema<"CurvesView"> = {
    night: "2012-10-16",
    nights: ["2012-10-16"],
    metrics: ["rollout/ep_rew_mean"],
    as_of: null,
    curves: [
      { seed: 1, fold: 0, control: false, of_steps: 9, points: [pointOf(1, 0.1), pointOf(2, 0.3)] },
      {
        seed: 2,
        fold: null,
        control: true,
        of_steps: 9,
        points: [pointOf(1, 0.2), { step: 2, metrics: {} }],
      },
    ],
  };

  function pointOf(step: number, value: number) {
    return { step, metrics: { "rollout/ep_rew_mean": value } };
  }

  it("are taken from what was told, each with its trial's name", () => {
    const curves = curvesOf(told.curves, "rollout/ep_rew_mean");
    expect(curves.map((curve) => [curve.name, curve.points.length])).toEqual([
      ["seed 1 fold 1", 2],
      ["control seed 2", 1],
    ]);
    expect(curvesOf(told.curves, "train/loss")).toEqual([]);
  });

  it("stand in a table beside the drawing", () => {
    render(<CurvesView told={told} metric="rollout/ep_rew_mean" weight={0} />);
    const label = "rollout/ep_rew_mean of 1 trial, night 2012-10-16";
    expect(screen.getByRole("group", { name: label })).toBeTruthy();
    const row = screen.getByText("seed 1 fold 1").closest("tr");
    expect(row?.textContent).toContain("0.3");
  });
});

describe("out of sample", () => {
  const row = (name: string, sharpe: number) => ({
    name,
    policy: null,
    sharpe,
    total_return: 0,
    max_drawdown: 0,
    turnover: 0,
  });
  const verdict = {
    sharpe_difference: 0.2,
    interval_low: -0.1,
    interval_high: 0.5,
    intervals: { champion: [-0.1, 0.5], cash: [0.3, 0.9], momentum: [-0.9, -0.1] },
    competitors: [row("challenger", 0.7), row("cash", 0)],
  };

  it("gives each difference with its interval, the champion's first and once", () => {
    const intervals = intervalsOf(verdict, "champion");
    expect(intervals.map((each) => [each.name, each.value])).toEqual([
      ["champion", 0.2],
      ["cash", 0.7],
      ["momentum", -0.5],
    ]);
    expect(intervals.map(sureness)).toEqual(["unsure", "better", "worse"]);
  });

  it("says in words what the drawing shows", () => {
    render(<IntervalTable intervals={intervalsOf(verdict, "champion")} />);
    const [first] = screen.getAllByTestId("interval-row");
    expect(first?.textContent).toContain("+0.20 [−0.10, +0.50]");
    expect(first?.textContent).toContain("may be chance");
  });

  it("adds log growths up to returns", () => {
    const days = [
      { day: "a", growth: Math.log(1.1), against: 0 },
      { day: "b", growth: Math.log(0.9), against: Math.log(1.02) },
    ];
    const [first, second] = cumulative(days);
    expect(first?.policy).toBeCloseTo(0.1, 12);
    expect(second?.policy).toBeCloseTo(-0.01, 12);
    expect(second?.against).toBeCloseTo(0.02, 12);
  });
});

describe("a policy that waits", () => {
  const policy = (id: string, state: string, predecessor: string | null = null) => ({
    id,
    trial_id: null,
    sharpe: 1.25,
    stage: stage(state),
    verdict_id: null,
    against: null,
    sealed_at: null,
    shadow: null,
    predecessor,
    promoted_at: null,
  });
  const LINE: Schema<"LineDetail"> = {
    id: "XNYS/AAPL+IBM/15m/balanced",
    pool: "XNYS",
    instruments: ["XNYS:AAPL", "XNYS:IBM"],
    interval: "15m",
    risk_profile: "balanced",
    champion: "rule:equal-weight@1",
    trials: 12,
    revision: 1,
    desks: 1,
    settings: {
      shadow_sessions: 5,
      promotion: "approval",
      rollback: { confidence: 0.95, drawdown_allowance: 1.5, drawdown_floor: 0.02 },
    },
    policies: [policy("sha256:abc", "awaiting_approval")],
  };

  const sheet = (verdict: string, text: ReactNode) => <a href={`/sheet/${verdict}`}>{text}</a>;

  function Around({ children }: { children: ReactNode }) {
    return <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>;
  }

  it("may be approved or rejected; the champion can be rolled back if somebody was before", () => {
    expect(movesOf(policy("a", "awaiting_approval"), "b")).toEqual(["approve", "reject"]);
    expect(movesOf(policy("a", "shadow"), "b")).toEqual(["reject"]);
    expect(movesOf(policy("b", "champion", "a"), "b")).toEqual(["rollback"]);
    expect(movesOf(policy("b", "champion"), "b")).toEqual([]);
    expect(movesOf(policy("a", "rejected"), "b")).toEqual([]);
  });

  it("is approved with a reason, once somebody has given one", async () => {
    const asked: [string, unknown][] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      asked.push([decodeURIComponent(new URL(request.url).pathname), await request.json()]);
      return new Response(JSON.stringify(LINE));
    });
    render(<LineagePanel line={LINE} mayMove readAt={0} sheet={sheet} />, { wrapper: Around });
    fireEvent.click(screen.getByTestId("policy-approve"));
    const submit = screen.getByTestId("move-submit") as HTMLButtonElement;
    expect(submit.disabled).toBe(true);
    fireEvent.change(screen.getByTestId("move-reason"), { target: { value: " looked at it " } });
    await act(async () => fireEvent.click(submit));
    expect(asked).toEqual([
      [
        `/api/v1/policies/lines/${LINE.id}/approve`,
        { policy: "sha256:abc", reason: "looked at it" },
      ],
    ]);
  });

  it("cannot be moved by who only looks on", () => {
    render(<LineagePanel line={LINE} mayMove={false} readAt={0} sheet={sheet} />, {
      wrapper: Around,
    });
    expect(screen.getByTestId("policy-row").textContent).toContain("awaiting approval");
    expect(screen.queryByTestId("policy-approve")).toBeNull();
  });
});
