import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useSession } from "@/api/session";
import { InstructionsPage } from "@/app/InstructionsPage";

vi.mock("@tanstack/react-router", async (original) => ({
  ...(await original<typeof import("@tanstack/react-router")>()),
  getRouteApi: () => ({ useSearch: () => ({}), useNavigate: () => vi.fn() }),
}));

const version = (number: number) => ({
  version: number,
  text: `Text ${number}`,
  created_by: "otto",
  created_at: "2026-11-01T00:00:00Z",
});

/** The label's version, as somebody else moves it. */
let production: number;

function answer(path: string): unknown {
  if (path === "/instructions") {
    const labels = { production };
    return { versions: [version(2), version(1)], labels, canary_percent: 0 };
  }
  if (path.startsWith("/instructions/diff")) return { lines: [], added: 0, removed: 0 };
  return { items: [], next_cursor: null };
}

beforeEach(() => {
  production = 1;
  const user = { id: "u", login: "otto", name: "Otto", role: "operator" };
  useSession.setState({ user } as never);
  vi.stubGlobal("fetch", async (request: Request) =>
    Response.json(answer(new URL(request.url).pathname.replace("/api/v1", ""))),
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("keeps a text that is being written when somebody else promotes another version", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <InstructionsPage />
    </QueryClientProvider>,
  );
  fireEvent.click(await screen.findByTestId("edit"));
  const editor = () => screen.getByTestId<HTMLTextAreaElement>("instructions-editor");
  expect(editor().value).toBe("Text 1");
  fireEvent.change(editor(), { target: { value: "Half a sent" } });
  production = 2;
  await client.refetchQueries({ queryKey: ["instructions"] });
  const answers = () => screen.getByTestId("label-production").textContent;
  await vi.waitFor(() => expect(answers()).toContain("Version 2"));
  expect(editor().value).toBe("Half a sent");
});
