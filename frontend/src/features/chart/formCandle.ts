import type { Candle } from "./candle";

/**
 * The candle that a tick forms or extends, before the market closes its bar; null for a tick that
 * belongs to a bar before the last one.
 */
export function formCandle(
  last: Candle | undefined,
  tick: { time: number; price: number },
  seconds: number,
): Candle | null {
  const { price } = tick;
  const time = Math.floor(tick.time / seconds) * seconds;
  if (last && time < last.time) return null;
  if (last && time === last.time) {
    const high = Math.max(last.high, price);
    return { ...last, high, low: Math.min(last.low, price), close: price };
  }
  return { time, open: price, high: price, low: price, close: price, volume: 0 };
}
