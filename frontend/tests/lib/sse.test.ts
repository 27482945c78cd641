import { describe, expect, it } from "vitest";
import { type ServerEvent, SseParser } from "@/lib/sse";

const STREAM =
  'id: 1-0\nevent: token\ndata: {"text":"a"}\n\n: still working\n\nevent: done\r\ndata: {\r\ndata: }\r\n\r\n';
const EVENTS: ServerEvent[] = [
  { id: "1-0", event: "token", data: '{"text":"a"}' },
  { id: "1-0", event: "done", data: "{\n}" },
];

describe("server-sent events", () => {
  it("are read whole", () => {
    expect(new SseParser().push(STREAM)).toEqual(EVENTS);
  });

  it("are the same wherever the text is cut", () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
      const parser = new SseParser();
      const events = [...parser.push(STREAM.slice(0, cut)), ...parser.push(STREAM.slice(cut))];
      expect(events, `cut at ${cut}`).toEqual(EVENTS);
    }
  });

  it("are the same letter by letter", () => {
    const parser = new SseParser();
    expect([...STREAM].flatMap((letter) => parser.push(letter))).toEqual(EVENTS);
  });

  it("wait for their end", () => {
    expect(new SseParser().push("event: token\ndata: half")).toEqual([]);
  });

  it("take only one space after the colon", () => {
    expect(new SseParser().push("data:  two\n\n")[0]?.data).toBe(" two");
  });
});
