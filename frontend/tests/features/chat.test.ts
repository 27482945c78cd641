import { describe, expect, it } from "vitest";
import { EMPTY_ANSWER } from "@/features/chat/answer";
import { followRun } from "@/features/chat/followRun";
import { reduceAnswer } from "@/features/chat/reduceAnswer";
import type { ServerEvent } from "@/lib/sse";

const event = (id: string, kind: string, data: object): string =>
  `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;

/** A response that sends parts, and is cut after them where `cut` is set. */
function stream(parts: string[], cut = false): Response {
  const encoder = new TextEncoder();
  const waiting = [...parts];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = waiting.shift();
      if (part !== undefined) controller.enqueue(encoder.encode(part));
      else if (cut) controller.error(new TypeError("network"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}

async function follow(responses: (Response | Error)[]) {
  const asked: (string | null)[] = [];
  const seen: ServerEvent[] = [];
  await followRun({
    open: async (last) => {
      asked.push(last);
      const next = responses.shift();
      if (!next || next instanceof Error) throw next ?? new TypeError("away");
      return next;
    },
    onEvent: (each) => seen.push(each),
    wait: async () => undefined,
  });
  return { asked, text: seen.map((each) => each.event).join(" "), seen };
}

describe("a run", () => {
  it("is followed to its end", async () => {
    const { text, asked } = await follow([
      stream([event("1-0", "token", { text: "a" }), event("2-0", "done", { text: "a" })]),
    ]);
    expect(text).toBe("token done");
    expect(asked).toEqual([null]);
  });

  it("goes on after the last event when the stream is cut, and doubles nothing", async () => {
    const { asked, seen } = await follow([
      stream([event("1-0", "token", { text: "a" }), event("2-0", "token", { text: "b" })], true),
      new TypeError("still away"),
      stream([event("2-0", "token", { text: "b" }), event("3-0", "token", { text: "c" })]),
      stream([event("4-0", "done", {})]),
    ]);
    expect(asked).toEqual([null, "2-0", "2-0", "3-0"]);
    expect(seen.map((each) => each.id)).toEqual(["1-0", "2-0", "3-0", "4-0"]);
  });

  it("is given up, with a reason, when it cannot be taken up again", async () => {
    await expect(follow([])).rejects.toMatchObject({ code: "cut_off" });
  });

  it("passes on what the server refuses", async () => {
    const refusal = new Response(JSON.stringify({ code: "run_running", detail: "wait" }), {
      status: 409,
    });
    await expect(follow([refusal])).rejects.toMatchObject({ code: "run_running", status: 409 });
  });
});

describe("an answer", () => {
  it("grows by its events", () => {
    const events: [string, Record<string, unknown>][] = [
      ["step", { name: "retrieve" }],
      ["tool", { name: "positions", facts: [{ id: "f1" }] }],
      ["token", { text: "You hold " }],
      ["token", { text: "10 IBM." }],
      ["citation", { id: "c1", title: "Notes", source: "notes", excerpt: "…" }],
      ["usage", { input_tokens: 1 }],
      ["done", { text: "You hold 10 IBM.", grounded: true }],
    ];
    const answer = events.reduce(
      (now, [kind, data]) => reduceAnswer(now, kind, data),
      EMPTY_ANSWER,
    );
    expect(answer).toMatchObject({ status: "done", text: "You hold 10 IBM." });
    expect(answer.tools[0]?.facts).toHaveLength(1);
    expect(answer.citations).toHaveLength(1);
  });

  it("begins anew when another pod takes over", () => {
    const half = reduceAnswer(EMPTY_ANSWER, "token", { text: "half" });
    expect(reduceAnswer(half, "step", { name: "restarted" }).text).toBe("");
  });

  it("takes its words back where a step says so, and keeps what was looked up", () => {
    const asked = reduceAnswer(EMPTY_ANSWER, "tool", { name: "cash", facts: [] });
    const half = reduceAnswer(asked, "token", { text: "half" });
    const back = reduceAnswer(half, "step", { name: "fallback", restart: true });
    expect(back).toMatchObject({ text: "", tools: [{ name: "cash" }] });
    expect(reduceAnswer(half, "step", { name: "verify" }).text).toBe("half");
  });

  it("keeps what is told beside it, such as a spent budget", () => {
    const done = { text: "You hold 10 IBM.", notice: "Your budget is spent." };
    expect(reduceAnswer(EMPTY_ANSWER, "done", done).notice).toBe("Your budget is spent.");
    expect(reduceAnswer(EMPTY_ANSWER, "done", { text: "x" }).notice).toBeNull();
  });

  it("tells being stopped from failing", () => {
    const end = (code: string) => reduceAnswer(EMPTY_ANSWER, "error", { code, detail: "d" }).status;
    expect([end("cancelled"), end("no_pod")]).toEqual(["cancelled", "failed"]);
  });
});
