import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff } from "@/live/backoff";
import { CUT_STALE_MS, connectionOf, STALE_MS } from "@/live/connection";
import { LiveSocket } from "@/live/socket";
import type { SocketState } from "@/live/store";
import { heartbeat } from "./frames";

/** A socket whose other end is the test. */
class Wire {
  static readonly OPEN = 1;
  static made: Wire[] = [];
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    Wire.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

let states: SocketState[];
let tickets: number;

function open(): LiveSocket {
  const socket = new LiveSocket({
    url: async () => `ws://test/?ticket=${++tickets}`,
    onState: (state) => states.push(state),
    onFrame: () => undefined,
    greeting: () => [{ op: "resume", epoch: "e1", seq: "1-0" }],
  });
  socket.start();
  return socket;
}

const last = (): Wire => {
  const wire = Wire.made.at(-1);
  if (!wire) throw new Error("no socket was opened");
  return wire;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Wire);
  Wire.made = [];
  states = [];
  tickets = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the live socket", () => {
  it("greets with resume when it opens", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    expect(last().sent).toEqual([{ op: "resume", epoch: "e1", seq: "1-0" }]);
    expect(states).toEqual(["connecting", "open"]);
    socket.stop();
  });

  it("comes back with a new ticket after a restart of the server", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    last().end(1012);
    expect(states.at(-1)).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(6000);
    expect(Wire.made).toHaveLength(2);
    expect(last().url).toContain("ticket=2");
    socket.stop();
  });

  it("renews at once on 4401, and stays away on 4403", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    last().end(4401);
    await vi.advanceTimersByTimeAsync(1);
    expect(Wire.made).toHaveLength(2);
    last().accept();
    last().end(4403);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Wire.made).toHaveLength(2);
    expect(states.at(-1)).toBe("off");
    socket.stop();
  });

  it("drops a connection that has said nothing for too long", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    for (let beat = 0; beat < 10; beat++) {
      await vi.advanceTimersByTimeAsync(5000);
      last().onmessage?.({ data: JSON.stringify(heartbeat(null)) });
    }
    expect(Wire.made).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(Wire.made.length).toBeGreaterThan(1);
    socket.stop();
  });

  it("stays closed after stop", async () => {
    const socket = open();
    await vi.advanceTimersByTimeAsync(0);
    last().accept();
    socket.stop();
    last().end(1006);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Wire.made).toHaveLength(1);
  });
});

describe("the connection", () => {
  it("is stale after two missed heartbeats", () => {
    expect(connectionOf("open", 1000, 1000 + STALE_MS)).toBe("live");
    expect(connectionOf("open", 1000, 1001 + STALE_MS)).toBe("stale");
    expect(connectionOf("reconnecting", 1000, 1000 + CUT_STALE_MS)).toBe("reconnecting");
    expect(connectionOf("reconnecting", 1000, 1001 + CUT_STALE_MS)).toBe("stale");
    expect(connectionOf("connecting", null, 90_000)).toBe("connecting");
    expect(connectionOf("off", 1000, 90_000)).toBe("off");
  });

  it("waits longer with every try, within a bound", () => {
    expect(backoff(0, () => 1)).toBe(250);
    expect(backoff(3, () => 0)).toBe(500);
    expect(backoff(69, () => 1)).toBe(1000);
    expect(backoff(70, () => 1)).toBe(5000);
  });
});
