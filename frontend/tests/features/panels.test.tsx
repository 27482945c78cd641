import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, renderHook, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useDeskRefresh } from "@/app/useDeskRefresh";
import { OrderRow } from "@/features/orders/OrderRow";
import { useFills } from "@/features/orders/useFills";
import { useOrders } from "@/features/orders/useOrders";
import { agentWord } from "@/features/pods/agentWord";
import { EquityNumbers } from "@/features/positions/EquityNumbers";
import { PositionsPanel } from "@/features/positions/PositionsPanel";
import { useEquity } from "@/features/positions/useEquity";
import { feed } from "@/live/feed";
import { EMPTY, takeFrame, useLive } from "@/live/store";
import { subscriptions } from "@/live/subscriptions";
import { fillFrame } from "../live/frames";

const IBM = "XNYS:IBM";
const EURUSD = "FX:EURUSD";

let client: QueryClient;

function Around({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } },
  });
  client.setQueryData(
    ["instruments"],
    [
      { id: IBM, price_decimals: 2 },
      { id: EURUSD, price_decimals: 5 },
    ],
  );
  useLive.setState(EMPTY, true);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const position = {
  instrument: IBM,
  quantity: "10",
  average_price: "200.10",
  last_price: "200.10",
  market_value: "2001.00",
  unrealised: "0",
  realised: "1.5",
};

function cells(): string[] {
  const row = screen.getByTestId("position-row");
  return [...row.querySelectorAll("td")].slice(3).map((cell) => cell.textContent ?? "");
}

function tick(price: number, at: string, instrument = IBM): void {
  act(() => {
    feed.ticks.emit({ instrument, price, at, size: 1, synthetic: true });
    vi.advanceTimersByTime(300);
  });
}

describe("the positions panel", () => {
  it("values what is held at the newest tick, and is as old as that", () => {
    client.setQueryData(["positions"], [position]);
    render(<PositionsPanel />, { wrapper: Around });
    expect(cells()).toEqual(["200.10", "2,001.00", "0.00", "+1.50"]);
    expect(subscriptions.all()).toContainEqual({ instruments: [IBM], intervals: [] });
    tick(199.85, "2012-10-15T19:31:00Z");
    expect(cells()).toEqual(["199.85", "1,998.50", "−2.50", "+1.50"]);
    tick(210, "2012-10-15T19:30:00Z");
    tick(90, "2012-10-15T19:35:00Z", "XNYS:FB");
    expect(cells()[0]).toBe("199.85");
    const age = screen.getByTestId("positions-panel").querySelector("[title^='As of']");
    expect(age?.getAttribute("title")).toMatch(/:31 /);
    act(() => useLive.setState({ reloads: 1 }));
    expect(cells()[0]).toBe("200.10");
  });

  it("shows prices with the decimals of their instrument, money with two", () => {
    const held = {
      ...position,
      instrument: EURUSD,
      last_price: "1.12103",
      market_value: "11.2103",
    };
    client.setQueryData(["positions"], [held]);
    render(<PositionsPanel />, { wrapper: Around });
    expect(cells().slice(0, 2)).toEqual(["1.12103", "11.21"]);
  });
});

describe("the desk's fees", () => {
  it("are those given, with the newest valuation's cash", () => {
    const point = { at: "2012-10-15T19:30:00Z", equity: "101", cash: "42.5", exposure: "0" };
    render(<EquityNumbers points={[point]} startingCash="100" currency="USD" fees="0.20" />);
    expect(screen.getByText("0.20")).toBeTruthy();
    expect(screen.getByText("42.50")).toBeTruthy();
  });

  it("are read again after fills, once a second at most", () => {
    const read = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
    const { unmount } = renderHook(useDeskRefresh, { wrapper: Around });
    takeFrame(fillFrame("1-0", null), 0);
    takeFrame(fillFrame("2-0", "1-0"), 0);
    takeFrame(fillFrame("3-0", "2-0"), 0);
    expect(read).toHaveBeenCalledExactlyOnceWith({ queryKey: ["desk"] });
    vi.advanceTimersByTime(5000);
    expect(read).toHaveBeenCalledTimes(2);
    takeFrame(fillFrame("4-0", "3-0"), 0);
    takeFrame(fillFrame("5-0", "4-0"), 0);
    unmount();
    vi.advanceTimersByTime(5000);
    expect(read).toHaveBeenCalledTimes(3);
  });
});

describe("an agent", () => {
  const since = "2026-01-01T00:00:00Z";
  const agent = {
    name: "chatbot" as const,
    state: "starting" as const,
    pid: 1,
    rss_bytes: 1,
    pss_bytes: 1,
    cpu_seconds: 0,
    since,
    detail: "",
  };
  const seconds = (past: number): number => Date.parse(since) + past * 1000;

  it("that waits for its turn is warm, by its own word or after a while", () => {
    expect(agentWord(agent, seconds(15))).toBe("starting");
    expect(agentWord(agent, seconds(16))).toBe("warm");
    expect(agentWord({ ...agent, detail: "model is ready" }, seconds(1))).toBe("warm");
    expect(agentWord({ ...agent, detail: "not ready yet" }, seconds(1))).toBe("starting");
    expect(agentWord({ ...agent, since: null }, seconds(99))).toBe("starting");
    expect(agentWord({ ...agent, state: "active" }, seconds(99))).toBe("active");
  });
});

describe("an order's time", () => {
  const order = {
    id: "o",
    client_order_id: "c",
    instrument: IBM,
    side: "buy" as const,
    kind: "market" as const,
    quantity: "1",
    limit_price: null,
    stop_price: null,
    trail_amount: null,
    time_in_force: "gtc" as const,
    expires_at: null,
    reduce_only: false,
    oco_group: null,
    triggered: false,
    filled: "1",
    average_price: "100.00",
    fees: "0.10",
    state: "filled" as const,
    reason: "",
    context: {},
    source: "decision" as const,
    bar_end: "2012-10-15T16:30:00Z",
    created_at: "2012-10-15T17:11:00Z",
    ended_at: null,
  };
  const first = (barEnd: string | null): HTMLElement | null => {
    const row = <OrderRow order={{ ...order, bar_end: barEnd }} />;
    render(
      <table>
        <tbody>{row}</tbody>
      </table>,
      { wrapper: Around },
    );
    return screen.getByTestId("order-row").querySelector("td");
  };

  it("is its decision's bar end, with the time of its making beside", () => {
    const cell = first(order.bar_end);
    expect(cell?.textContent).toMatch(/:30$/);
    expect(cell?.title).toMatch(/^Created .*:11/);
  });

  it("is the time of its making where no decision made it", () => {
    expect(first(null)?.textContent).toMatch(/:11$/);
  });

  it("says beneath it why the order could not be cancelled", async () => {
    const filled = { code: "not_open", detail: "the order was filled a moment ago" };
    vi.stubGlobal("fetch", async () => Response.json(filled, { status: 409 }));
    render(
      <table>
        <tbody>
          <OrderRow order={{ ...order, state: "accepted" }} />
        </tbody>
      </table>,
      { wrapper: Around },
    );
    fireEvent.click(screen.getByRole("button", { name: /^Cancel the/ }));
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(screen.getByRole("alert").textContent).toMatch(
      /^The order was not cancelled\. The order was filled a moment ago/,
    );
  });
});

describe("orders and fills", () => {
  it("are newest first, also where the socket told some that the server's page no longer holds", () => {
    const row = (minute: number) => {
      const at = new Date(Date.UTC(2012, 9, 15, 14, minute)).toISOString();
      return { id: `${minute}`, at, created_at: at };
    };
    const page = { items: [row(3), row(2)], next_cursor: null };
    const live = [row(4), row(2), row(1)];
    client.setQueryData(["orders"], page);
    client.setQueryData(["fills"], page);
    useLive.setState({ orders: live as never, fills: live as never });
    const orders = renderHook(() => useOrders(), { wrapper: Around }).result.current.orders;
    const fills = renderHook(() => useFills(), { wrapper: Around }).result.current.fills;
    for (const rows of [orders, fills]) {
      expect(rows.map((each) => each.id)).toEqual(["4", "3", "2", "1"]);
    }
  });
});

describe("equity", () => {
  const point = (minute: number) => ({
    at: new Date(Date.UTC(2012, 9, 15, 14, minute)).toISOString(),
    equity: "1000",
    cash: "1000",
  });

  it("is read again before what came live is forgotten, so that no stretch is missing", async () => {
    let told = 1;
    const asked = vi.fn();
    vi.stubGlobal("fetch", async () => {
      asked();
      const points = Array.from({ length: told }, (_, minute) => point(minute));
      return Response.json({ points, starting_cash: "1000", currency: "USD" });
    });
    const { result } = renderHook(() => useEquity(), { wrapper: Around });
    await act(() => vi.advanceTimersByTimeAsync(100));
    for (let newest = 50; newest <= 650; newest += 50) {
      told = newest + 1;
      const first = Math.max(1, newest - 399);
      const live = Array.from({ length: told - first }, (_, back) => point(newest - back));
      act(() => useLive.setState({ equity: live as never }));
      await act(() => vi.advanceTimersByTimeAsync(10));
    }
    expect(result.current.points).toHaveLength(651);
    expect(asked.mock.calls.length).toBeLessThan(6);
  });
});
