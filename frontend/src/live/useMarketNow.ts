import { marketAt } from "@/lib/clock";
import { useNow } from "@/lib/useNow";
import { useLive } from "./store";

/** Market time in ms and its speed, by the clock anchor that frames carry; renewed twice a second. */
export function useMarketNow(): { now: number; speed: number; known: boolean } {
  const wall = useNow();
  const anchor = useLive((state) => state.anchor);
  const skew = useLive((state) => state.skew) ?? 0;
  return {
    now: marketAt(anchor, wall / 1000 - skew),
    speed: anchor?.speed ?? 1,
    known: anchor !== null,
  };
}
