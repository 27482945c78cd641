/** What the page wants to see of the market: ticks of some instruments, and their bars of some intervals. */
export type Subscription = { instruments: string[]; intervals: string[] };

type Listener = (op: "subscribe" | "unsubscribe", subscription: Subscription) => void;

class Subscriptions {
  private readonly wanted = new Set<Subscription>();
  private listener: Listener | null = null;

  /** Wants a subscription until the returned function is called. What others still want stays. */
  add(subscription: Subscription): () => void {
    this.wanted.add(subscription);
    this.listener?.("subscribe", subscription);
    return () => {
      this.wanted.delete(subscription);
      this.listener?.("unsubscribe", subscription);
      for (const each of this.wanted) this.listener?.("subscribe", each);
    };
  }

  all(): Subscription[] {
    return [...this.wanted];
  }

  onChange(listener: Listener | null): void {
    this.listener = listener;
  }
}

export const subscriptions = new Subscriptions();
