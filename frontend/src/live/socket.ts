import { backoff } from "./backoff";
import { CLOSE } from "./closeCode";
import { STALE_MS } from "./connection";
import type { Frame } from "./frame";
import { parseFrame } from "./parseFrame";
import type { SocketState } from "./store";

const SLOW_DOWN_MS = 10_000;
const GIVE_UP_MS = STALE_MS + 5000;

export type Hooks = {
  /** A one-time ticket's URL; called for every connection. */
  url: () => Promise<string>;
  onFrame: (frame: Frame) => void;
  onState: (state: SocketState) => void;
  /** What to say first: resume, then subscriptions. */
  greeting: () => object[];
};

/** One live socket that comes back by itself: a new ticket each time, and a bounded wait between. */
export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly hooks: Hooks) {}

  start(): void {
    this.hooks.onState("connecting");
    globalThis.addEventListener("online", this.hurry);
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    globalThis.removeEventListener("online", this.hurry);
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.socket?.close();
    this.hooks.onState("off");
  }

  send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private readonly hurry = (): void => {
    if (!this.stopped && this.socket === null) this.again(0);
  };

  private async connect(): Promise<void> {
    try {
      const url = await this.hooks.url();
      if (!this.stopped) this.open(new WebSocket(url));
    } catch {
      this.again(backoff(this.attempt++));
    }
  }

  private open(socket: WebSocket): void {
    this.socket = socket;
    socket.onopen = () => {
      this.hooks.onState("open");
      for (const message of this.hooks.greeting()) this.send(message);
      this.listen();
    };
    socket.onmessage = (event) => this.receive(String(event.data));
    socket.onclose = (event) => this.closed(socket, event.code);
  }

  private receive(text: string): void {
    this.attempt = 0;
    this.listen();
    const frame = parseFrame(text);
    if (frame) this.hooks.onFrame(frame);
  }

  /** A connection that says nothing for too long is dropped. */
  private listen(): void {
    clearTimeout(this.watch);
    const socket = this.socket;
    if (socket) this.watch = setTimeout(() => this.dropped(socket), GIVE_UP_MS);
  }

  private dropped(socket: WebSocket): void {
    socket.close();
    this.closed(socket, 1006);
  }

  private closed(socket: WebSocket, code: number): void {
    if (this.stopped || this.socket !== socket) return;
    this.socket = null;
    clearTimeout(this.watch);
    if (code === CLOSE.forbidden) this.hooks.onState("off");
    else this.again(waitFor(code, this.attempt++));
  }

  private again(ms: number): void {
    if (this.stopped) return;
    this.hooks.onState("reconnecting");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), ms);
  }
}

/** A ticket that ran out is renewed at once; who is told to slow down does. */
function waitFor(code: number, attempt: number): number {
  if (code === CLOSE.renew && attempt === 0) return 0;
  return code === CLOSE.slowDown ? SLOW_DOWN_MS : backoff(attempt);
}
