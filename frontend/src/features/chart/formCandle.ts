import type { Candle } from "./candle";

/**
 * The candle that a tick forms or extends after the last one, before the market closes its bar; null
 * for a tick that belongs to a bar before it. Bars follow the session's open, so that the next ones
 * are counted from the last.
 */
export function formCandle(
  last: Candle,
  tick: { time: number; price: number },
  seconds: number,
): Candle | null {
  const { price } = tick;
  const bars = Math.floor((tick.time - last.time) / seconds);
  if (bars < 0) return null;
  if (bars === 0) {
    const high = Math.max(last.high, price);
    return { ...last, high, low: Math.min(last.low, price), close: price };
  }
  const time = last.time + bars * seconds;
  return { time, from: time, open: price, high: price, low: price, close: price, volume: 0 };
}
