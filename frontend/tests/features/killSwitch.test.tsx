import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Schema } from "@/api/types";
import { KillSwitch } from "@/features/orders/KillSwitch";
import { DEFAULTS, usePreferences } from "@/lib/preferences";

const FREE = { halted: false, halt_reason: "", state: "active" } as Schema<"RiskView">;
const HALTED = { ...FREE, halted: true, halt_reason: "enough", state: "halted" } as const;

let asked: string[];

beforeEach(() => {
  usePreferences.setState({ ...DEFAULTS, language: "en" });
  asked = [];
  vi.stubGlobal("fetch", async ({ method }: Request) => {
    asked.push(method);
    return Response.json({});
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function shown(limits: Schema<"RiskView">) {
  const client = new QueryClient();
  const element = (its: Schema<"RiskView">) => (
    <QueryClientProvider client={client}>
      <KillSwitch limits={its} />
    </QueryClientProvider>
  );
  const view = render(element(limits));
  return (next: Schema<"RiskView">) => view.rerender(element(next));
}

describe("the kill switch", () => {
  it("stops where it was opened to stop, whatever the desk becomes meanwhile", async () => {
    const become = shown(FREE);
    fireEvent.click(screen.getByTestId("killswitch"));
    become(HALTED);
    const confirm = screen.getByTestId("killswitch-confirm");
    expect(confirm.textContent).toBe("Stop trading now");
    fireEvent.click(confirm);
    await waitFor(() => expect(asked).toEqual(["POST"]));
  });

  it("lifts where it was opened to lift", async () => {
    const become = shown(HALTED);
    fireEvent.click(screen.getByTestId("killswitch"));
    become(FREE);
    fireEvent.click(screen.getByTestId("killswitch-confirm"));
    await waitFor(() => expect(asked).toEqual(["DELETE"]));
  });

  it("says who holds the desk, and offers to lift only the desk's own", () => {
    const become = shown(HALTED);
    const says = () => screen.getByRole("status").textContent;
    const offers = () => screen.getByTestId("killswitch").textContent;
    expect([says(), offers()]).toEqual(["Halted: enough.", "Lift the kill switch"]);
    become({ ...FREE, state: "halted" });
    expect([says(), offers()]).toEqual([
      "Halted by the organisation's kill switch.",
      "Kill switch",
    ]);
    become({ ...FREE, state: "reducing" });
    expect(says()).toBe("The desk may only make positions smaller.");
    become(FREE);
    expect(says()).toBe("The desk may trade.");
  });
});
