import type { LiveBar, LiveTick } from "./wire";

type Listener<T> = (message: T) => void;

/** Hands bars and ticks straight from the socket to who draws them, past React. */
class Channel<T> {
  private readonly listeners = new Set<Listener<T>>();

  listen(listener: Listener<T>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(message: T): void {
    for (const listener of this.listeners) listener(message);
  }
}

export const feed = { bars: new Channel<LiveBar>(), ticks: new Channel<LiveTick>() };
