import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { RouteError } from "@/app/RouteError";

const reload = vi.fn();
let there = false;

beforeEach(() => {
  vi.useFakeTimers();
  there = false;
  vi.spyOn(location, "reload").mockImplementation(reload);
  vi.stubGlobal("fetch", async () => {
    if (!there) throw new TypeError("Failed to fetch");
    return new Response(null, { status: 405 });
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  reload.mockReset();
});

describe("a page that failed", () => {
  it("comes back by itself once the server does", async () => {
    render(<RouteError error={Problem.unreachable()} />);
    expect(screen.getByRole("alert").textContent).toContain("cannot be reached");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reload).not.toHaveBeenCalled();
    there = true;
    await vi.advanceTimersByTimeAsync(2000);
    expect(reload).toHaveBeenCalled();
  });

  it("waits for its reader where its own code is at fault", async () => {
    there = true;
    render(<RouteError error={new TypeError("candles is undefined")} />);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reload).not.toHaveBeenCalled();
  });
});
