import { useEffect, useRef, useState } from "react";
import { throttle } from "@/lib/throttle";
import { feed } from "@/live/feed";
import { useLive } from "@/live/store";
import { subscriptions } from "@/live/subscriptions";
import { type LastPrices, withPrice } from "./lastPrice";

const SHOW_MS = 250;

/** The last prices of instruments by ticks and bars of the socket, shown four times a second at most. */
export function useLastPrices(instruments: readonly string[]): LastPrices {
  const [shown, setShown] = useState<LastPrices>({});
  const known = useRef<LastPrices>({});
  const wanted = instruments.join(" ");
  const reloads = useLive((state) => state.reloads);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a stream that begins anew may be earlier
  useEffect(() => {
    known.current = {};
    setShown(known.current);
  }, [reloads]);
  useEffect(() => {
    const held = wanted ? wanted.split(" ") : [];
    const kept = Object.entries(known.current).filter(([instrument]) => held.includes(instrument));
    known.current = Object.fromEntries(kept);
    setShown(known.current);
    const show = throttle(() => setShown(known.current), SHOW_MS);
    const take = (instrument: string, price: number, at: string): void => {
      if (!held.includes(instrument)) return;
      known.current = withPrice(known.current, instrument, { price, at });
      show.call();
    };
    const stops = [
      feed.ticks.listen((tick) => take(tick.instrument, tick.price, tick.at)),
      feed.bars.listen((bar) => take(bar.instrument, bar.close, bar.end)),
      show.stop,
    ];
    if (held.length > 0) stops.push(subscriptions.add({ instruments: held, intervals: [] }));
    return () => {
      for (const stop of stops) stop();
    };
  }, [wanted]);
  return shown;
}
