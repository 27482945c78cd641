import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OverrideForm } from "@/features/schedule/OverrideForm";
import { DEFAULTS, usePreferences } from "@/lib/preferences";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  usePreferences.setState(DEFAULTS);
});

describe("an override that is being written", () => {
  it("ends at the same instant where the page's zone is changed", async () => {
    const asked: { ends: string }[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      asked.push(await request.json());
      return Response.json({}, { status: 422 });
    });
    usePreferences.setState({ ...DEFAULTS, language: "en", zone: "utc" });
    render(
      <QueryClientProvider client={new QueryClient()}>
        <OverrideForm scopes={["all"]} />
      </QueryClientProvider>,
    );
    const until = screen.getByTestId<HTMLInputElement>("override-until");
    fireEvent.change(until, { target: { value: "2030-06-03T20:00" } });
    fireEvent.change(screen.getByTestId("override-reason"), { target: { value: "because" } });
    act(() => usePreferences.setState({ zone: "exchange" }));
    expect(until.value).toBe("2030-06-03T16:00");
    fireEvent.click(screen.getByTestId("override-preview"));
    await waitFor(() => expect(asked[0]?.ends).toBe("2030-06-03T20:00:00.000Z"));
  });
});
