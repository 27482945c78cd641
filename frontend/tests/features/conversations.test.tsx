import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Schema } from "@/api/types";
import { ConversationsDialog } from "@/features/chat/ConversationsDialog";
import { Thumbs } from "@/features/chat/Thumbs";

let client: QueryClient;
let asked: { method: string; path: string; body: unknown }[];
let answer: (method: string, path: string) => unknown;

function Around({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  asked = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const path = pathname.replace("/api/v1", "") + search;
    const text = await request.text();
    asked.push({ method: request.method, path, body: text ? JSON.parse(text) : null });
    const told = answer(request.method, path);
    if (told === null) return new Response(null, { status: 204 });
    return Response.json(told);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const message: Schema<"MessageView"> = {
  id: "message_1",
  run_id: "run_1",
  role: "assistant",
  text: "You have 1 share.",
  data: {},
  created_at: "2026-11-22T00:00:00Z",
  feedback: null,
};

describe("thumbs", () => {
  it("rate, say why, and take back", async () => {
    answer = () => null;
    const view = render(<Thumbs message={message} />, { wrapper: Around });
    fireEvent.click(screen.getByTestId("thumb-down"));
    await waitFor(() => expect(asked).toHaveLength(1));
    const path = "/messages/message_1/feedback";
    expect(asked[0]).toEqual({ method: "POST", path, body: { rating: "down", note: null } });

    view.rerender(<Thumbs message={{ ...message, feedback: { rating: "down", note: null } }} />);
    const pressed = () => screen.getByTestId("thumb-down").getAttribute("aria-pressed");
    await waitFor(() => expect(pressed()).toBe("true"));
    fireEvent.click(screen.getByText("Why?"));
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "wrong month" } });
    fireEvent.click(screen.getByText("Send"));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]?.body).toEqual({ rating: "down", note: "wrong month" });

    await waitFor(() => expect(pressed()).toBe("true"));
    fireEvent.click(screen.getByTestId("thumb-down"));
    await waitFor(() => expect(asked).toHaveLength(3));
    expect(asked[2]).toEqual({ method: "DELETE", path, body: null });
  });
});

const thread: Schema<"ThreadView"> = {
  id: "thread_1",
  title: "Fees in spring",
  desk_id: null,
  created_at: "2026-11-22T00:00:00Z",
  updated_at: "2026-11-22T00:00:00Z",
  running: null,
};
const excerpt = {
  message: "message_1",
  role: "user",
  text: "Why such fees?",
  created_at: thread.created_at,
};

describe("conversations", () => {
  it("are found by words, renamed, and deleted after a second thought", async () => {
    answer = (method, path) => {
      if (method === "DELETE") return null;
      if (method === "PATCH") return { ...thread, title: "Costs" };
      if (path.startsWith("/threads/search")) {
        return { items: [{ thread, excerpts: [excerpt] }], next_cursor: null };
      }
      return { items: [thread], next_cursor: null };
    };
    const chosen = vi.fn();
    const closed = vi.fn();
    render(<ConversationsDialog opened current="thread_1" onChoose={chosen} onClose={closed} />, {
      wrapper: Around,
    });
    await screen.findByTestId("conversation");
    fireEvent.change(screen.getByTestId("conversations-search"), { target: { value: "fees" } });
    await screen.findByText("Why such fees?");
    expect(asked.at(-1)?.path).toBe("/threads/search?limit=20&q=fees");

    fireEvent.click(screen.getByText("Rename"));
    fireEvent.change(screen.getByLabelText("Title of Fees in spring"), {
      target: { value: "Costs" },
    });
    fireEvent.click(screen.getByText("Save"));
    await waitFor(() =>
      expect(asked).toContainEqual({
        method: "PATCH",
        path: "/threads/thread_1",
        body: { title: "Costs" },
      }),
    );

    fireEvent.click(screen.getByText("Delete"));
    expect(asked.filter((each) => each.method === "DELETE")).toEqual([]);
    fireEvent.click(screen.getByText("Delete"));
    await waitFor(() => expect(chosen).toHaveBeenCalledWith(null));
    expect(asked.filter((each) => each.method === "DELETE")).toHaveLength(1);

    fireEvent.click(screen.getByText("Fees in spring", { selector: "button > span" }));
    expect(chosen).toHaveBeenLastCalledWith(thread);
    expect(closed).toHaveBeenCalled();
  });
});
