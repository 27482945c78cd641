import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEFAULTS, usePreferences } from "@/lib/preferences";
import { STALE_MS } from "@/live/connection";
import { Freshness } from "@/live/Freshness";
import { startLive } from "@/live/startLive";
import { EMPTY, takeFrame, useLive } from "@/live/store";
import { heartbeat } from "./frames";

const STARTED = Date.parse("2026-01-01T00:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now: STARTED });
  usePreferences.setState({ ...DEFAULTS, zone: "utc", language: "en" });
  useLive.setState({ ...EMPTY, socket: "open", silentSince: STARTED }, true);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  usePreferences.setState(DEFAULTS);
});

const badge = (): HTMLElement => screen.getByTestId("age");
const pass = (ms: number): void => act(() => void vi.advanceTimersByTime(ms));

describe("a panel's age", () => {
  it("is told from its source, and goes on by itself", () => {
    render(<Freshness source="2025-12-31T23:59:00Z" testId="age" />);
    expect(badge().textContent).toBe("live, 23:59 · 1 min ago");
    pass(5000);
    expect(badge().textContent).toMatch(/1 min 5 s ago$/);
    expect(badge().title).toMatch(/^As of 31 Dec 2025.* UTC: /);
  });

  it("is stale after two missed heartbeats, and right again with the next frame", () => {
    render(<Freshness source="2025-12-31T23:59:00Z" testId="age" />);
    pass(STALE_MS);
    expect(badge().dataset.connection).toBe("live");
    pass(1000);
    expect(badge().dataset.connection).toBe("stale");
    expect(badge().textContent).toMatch(/^stale · 23:59/);
    act(() => void takeFrame(heartbeat(null), Date.now()));
    expect(badge().dataset.connection).toBe("live");
  });

  it("says so too while the socket comes back", () => {
    useLive.setState({ socket: "reconnecting" });
    render(<Freshness source={null} testId="age" />);
    expect(badge().textContent).toBe("reconnecting · no data yet");
    pass(STALE_MS + 1000);
    expect(badge().textContent).toBe("stale · no data yet");
  });

  it("says so too when no frame ever came", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("Failed to fetch")));
    useLive.setState(EMPTY, true);
    render(<Freshness source={null} testId="age" />);
    const stop = startLive();
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(badge().textContent).toBe("reconnecting · no data yet");
    await act(() => vi.advanceTimersByTimeAsync(STALE_MS + 500));
    expect(badge().textContent).toBe("stale · no data yet");
    stop();
    vi.unstubAllGlobals();
  });

  it("counts readings that fail though the socket is well", () => {
    render(<Freshness readAt={STARTED} testId="age" />);
    expect(badge().textContent).toBe("live, read 0.0 s ago");
    pass(STALE_MS + 1000);
    useLive.setState({ silentSince: Date.now() });
    pass(500);
    expect(badge().dataset.connection).toBe("stale");
  });

  it("speaks the language that was chosen", () => {
    usePreferences.setState({ language: "de" });
    render(<Freshness source="2025-12-31T23:59:00Z" testId="age" />);
    expect(badge().textContent).toBe("live, 23:59 · vor 1 min");
  });
});
