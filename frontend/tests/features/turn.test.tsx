import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useTurn } from "@/features/chat/useTurn";

type Stream = { method: string; send: (id: string, kind: string, text: string) => void };

/** What was asked for; each is answered by `answer` and then sends what it is told to. */
let asked: (Stream & { answer: () => void })[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", ({ method }: Request) => {
    const { readable, writable } = new TransformStream<Uint8Array>();
    const writer = writable.getWriter();
    const send: Stream["send"] = (id, kind, text) => {
      const event = `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ text })}\n\n`;
      void writer.write(new TextEncoder().encode(event));
    };
    return new Promise<Response>((resolve) => {
      const headers = { "Content-Type": "text/event-stream", "X-Run-Id": "run_1" };
      const answer = () => resolve(new Response(readable, { headers }));
      asked.push({ method, send, answer });
    });
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("a turn", () => {
  const settle = () => act(() => new Promise((resolve) => setTimeout(resolve)));

  it("is followed once where the page reads again which run is under way", async () => {
    const { result } = renderHook(() => useTurn("thread_1"));
    act(() => void result.current.ask("How much?", null));
    asked[0]?.answer();
    asked[0]?.send("1-0", "token", "Much");
    await settle();
    act(() => void result.current.resume("run_1"));
    asked[0]?.send("2-0", "token", " more");
    await settle();
    expect(asked.map((each) => each.method)).toEqual(["POST"]);
    expect(result.current.turn).toMatchObject({ question: "How much?" });
    expect(result.current.turn?.answer.text).toBe("Much more");
  });

  it("that is taken up elsewhere before its own stream began is told by the new one alone", async () => {
    const { result } = renderHook(() => useTurn("thread_1"));
    act(() => void result.current.ask("How much?", null));
    act(() => void result.current.resume("run_1"));
    for (const each of asked) {
      each.answer();
      each.send("1-0", "token", "Much");
      each.send("2-0", "done", "");
    }
    await settle();
    expect(asked.map((each) => each.method)).toEqual(["POST", "GET"]);
    expect(result.current.turn?.answer).toMatchObject({ text: "Much", status: "done" });
  });
});
