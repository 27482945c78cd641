import { cleanup, fireEvent, render, renderHook, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useSession } from "@/api/session";
import { seenSpan } from "@/features/chart/seenSpan";
import { askedOf } from "@/features/chat/askedOf";
import { ChatForm } from "@/features/chat/ChatForm";
import { RunStreams } from "@/features/chat/runStreams";
import { DEFAULTS, usePreferences } from "@/lib/preferences";
import { type OnScreen, useOnScreen, useScreen } from "@/lib/screen";

const AT = "2012-10-15T14:35:00Z";
const SIGNAL: OnScreen = { kind: "signal", record: "s-1", instrument: "XNYS:AAPL", at: AT };
const span = () => ({ since: AT, until: "2012-10-15T15:35:00Z" });

beforeEach(() => {
  usePreferences.setState({ ...DEFAULTS, language: "en" });
  useScreen.setState({ shown: null });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const form = (onSend = vi.fn()) => {
  render(<ChatForm ready busy={false} onSend={onSend} onCancel={vi.fn()} />);
  return onSend;
};
const suggested = () => screen.getAllByTestId("chat-suggestion").map((each) => each.textContent);
const about = () => screen.queryByTestId("chat-about")?.textContent;

describe("what is on screen", () => {
  it("is what the newest page shows, until it is left", () => {
    const { rerender, unmount } = renderHook((shown: OnScreen | null) => useOnScreen(shown), {
      initialProps: null as OnScreen | null,
    });
    expect(useScreen.getState().shown).toBeNull();
    rerender(SIGNAL);
    expect(useScreen.getState().shown).toEqual(SIGNAL);
    const other = renderHook(() => useOnScreen({ kind: "chart", instrument: "XNYS:IBM", span }));
    unmount();
    expect(useScreen.getState().shown?.kind).toBe("chart");
    other.unmount();
    expect(useScreen.getState().shown).toBeNull();
  });

  it("goes with the question in the words of the API", () => {
    expect(askedOf(SIGNAL, "/signals/s-1")).toEqual({
      route: "/signals/s-1",
      instrument: "XNYS:AAPL",
      signal: "s-1",
    });
    expect(askedOf({ kind: "verdict", record: "v-1", at: "2012-10-15" }, "/x")).toEqual({
      route: "/x",
      verdict: "v-1",
    });
    const chart = askedOf({ kind: "chart", instrument: "XNYS:IBM", span }, "/");
    expect(chart).toEqual({ route: "/", instrument: "XNYS:IBM", ...span() });
    expect(askedOf({ kind: "chart", span: () => null }, "/")).toEqual({ route: "/" });
  });

  it("of a chart is from its first bar's start to its last one's end", () => {
    const from = Date.parse(AT) / 1000;
    expect(seenSpan({ from, to: from + 900 }, 900)).toEqual({
      since: "2012-10-15T14:35:00.000Z",
      until: "2012-10-15T15:05:00.000Z",
    });
  });

  it("is said above the question, suggests what fits, and can be put away", () => {
    useScreen.setState({ shown: SIGNAL });
    const sent = form();
    expect(about()).toBe("About: AAPL signal of 10:35");
    expect(suggested()).toEqual(["Why this signal?", "How did this go?"]);
    fireEvent.click(screen.getByText("Why this signal?"));
    expect(sent).toHaveBeenLastCalledWith("Why this signal?", {
      route: "/",
      instrument: "XNYS:AAPL",
      signal: "s-1",
    });
    fireEvent.click(screen.getByRole("button", { name: "Ask without what is on screen" }));
    expect(about()).toBeUndefined();
    fireEvent.change(screen.getByTestId("chat-input"), { target: { value: "What is my cash?" } });
    for (const each of screen.getAllByTestId("chat-suggestion")) {
      expect((each as HTMLButtonElement).disabled).toBe(true);
    }
    fireEvent.click(screen.getByTestId("chat-send"));
    expect(sent).toHaveBeenLastCalledWith("What is my cash?", null);
  });

  it("is nothing on other pages, which suggest what the role is there for", () => {
    useSession.setState({ user: { role: "viewer" } as never });
    form();
    expect(about()).toBeUndefined();
    expect(suggested()).toContain("Who holds the pod now?");
    useSession.getState().leave();
  });

  it("is sent once, with the zone that the page shows", async () => {
    const bodies: unknown[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      bodies.push(request.method === "POST" ? await request.json() : null);
      return new Response(null, { headers: { "X-Run-Id": "run-1" } });
    });
    const question = { text: "why?", screen: askedOf(SIGNAL, "/"), zone: "Europe/Berlin" };
    const streams = new RunStreams("t-1", question);
    await streams.open(null);
    await streams.open("1-0");
    expect(bodies).toEqual([question, null]);
  });
});
