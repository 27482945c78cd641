import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OrderTicket } from "@/features/orders/OrderTicket";
import { ticketOrder } from "@/features/orders/ticketOrder";
import { DEFAULTS, usePreferences } from "@/lib/preferences";

const IBM = "XNYS:IBM";
const TICKET = {
  instrument: IBM,
  side: "buy" as const,
  kind: "market" as const,
  quantity: "10",
  limitPrice: "",
};
const PREVIEW = {
  allowed: false,
  reason: "position_weight",
  detail: "the position would be 45.0 % of equity and may be 30.0 %; lower the quantity",
  price: "200.00",
  value: "45000.00",
  equity: "100000.00",
  held: "0",
  figures: [{ name: "position_weight", before: "0.0000", after: "0.4500", limit: "0.3" }],
  expires_at: null,
};

let asked: { path: string; body: unknown }[];
let placed: () => Response;

function Around({ children }: { children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

beforeEach(() => {
  vi.useFakeTimers();
  usePreferences.setState({ ...DEFAULTS, language: "en" });
  asked = [];
  placed = () => Response.json([]);
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    if (request.method === "POST") asked.push({ path, body: await request.json() });
    if (path.endsWith("/preview")) return Response.json(PREVIEW);
    return request.method === "POST" ? placed() : Response.json([]);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("a ticket", () => {
  it("is an order once its amounts are numbers above nothing", () => {
    expect(ticketOrder(TICKET)).toMatchObject({ quantity: "10", limit_price: null });
    expect(ticketOrder({ ...TICKET, quantity: " 1.5 " })?.quantity).toBe("1.5");
    for (const quantity of ["", "0", "-1", "ten", "1e3", "1,5"]) {
      expect(ticketOrder({ ...TICKET, quantity })).toBeNull();
    }
    const limit = { ...TICKET, kind: "limit" as const };
    expect(ticketOrder(limit)).toBeNull();
    expect(ticketOrder({ ...limit, limitPrice: "199.5" })?.limit_price).toBe("199.5");
  });

  it("shows what the risk check would say, once the typing has settled, and sends nothing", async () => {
    render(<OrderTicket instruments={[IBM]} instrument={IBM} onInstrument={() => undefined} />, {
      wrapper: Around,
    });
    const field = screen.getByTestId("order-quantity");
    for (const value of ["2", "22", "225"]) fireEvent.change(field, { target: { value } });
    expect(asked).toEqual([]);
    await act(() => vi.advanceTimersByTimeAsync(400));
    await act(() => vi.advanceTimersByTimeAsync(50));
    await act(() => vi.dynamicImportSettled());
    await act(() => vi.advanceTimersByTimeAsync(50));
    expect(asked.map((each) => each.path)).toEqual(["/api/v1/orders/preview"]);
    expect(asked[0]?.body).toMatchObject({ quantity: "225", side: "buy" });
    const shown = screen.getByTestId("order-preview");
    expect(shown.textContent).toContain("It would be denied.");
    expect(shown.textContent).toContain("may be 30.0 %");
    expect(shown.textContent).toContain("45.0%");
    expect(shown.querySelector("tr[data-over=true]")).toBeTruthy();
    fireEvent.change(field, { target: { value: "" } });
    expect(screen.queryByTestId("order-preview")).toBeNull();
  });

  it("whose answer was lost is the same order when it is sent again", async () => {
    render(<OrderTicket instruments={[IBM]} instrument={IBM} onInstrument={() => undefined} />, {
      wrapper: Around,
    });
    const field = screen.getByTestId("order-quantity");
    const send = async (quantity: string) => {
      fireEvent.change(field, { target: { value: quantity } });
      fireEvent.click(screen.getByTestId("order-submit"));
      await act(() => vi.advanceTimersByTimeAsync(50));
      await act(() => vi.dynamicImportSettled());
      await act(() => vi.advanceTimersByTimeAsync(50));
    };
    const said = () => screen.getByRole("alert").textContent;
    placed = () => {
      throw new TypeError("Failed to fetch");
    };
    await send("10");
    expect(said()).toMatch(/^It is not known whether the order was made.*no second/);
    placed = () => new Response("<html>", { status: 502 });
    await send("10");
    expect(said()).toMatch(/^It is not known/);
    await send("11");
    placed = () => Response.json({ code: "group_ended", detail: "no" }, { status: 409 });
    await send("11");
    expect(said()).toMatch(/^No order was made/);
    placed = () => Response.json({ state: "accepted" }, { status: 201 });
    await send("11");
    await send("11");
    const sent = asked.filter((each) => each.path === "/api/v1/orders");
    const ids = sent.map((each) => (each.body as { client_order_id: string }).client_order_id);
    expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 0, 2, 2, 4, 5]);
  });
});
