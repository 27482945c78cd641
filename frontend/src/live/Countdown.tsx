import { formatCountdown, formatSpan } from "@/lib/time";
import { useMarketNow } from "./useMarketNow";

/** How long until an instant of market time, in market time and, where it runs faster, in real time. */
export function Countdown({ until }: { until: string | null | undefined }) {
  const { now, speed } = useMarketNow();
  if (!until) return null;
  const seconds = Math.max(0, (Date.parse(until) - now) / 1000);
  const real = speed === 1 ? "" : ` (${formatSpan(seconds / speed)} real)`;
  return (
    <span role="timer" aria-live="off" title="Market time until then">
      {formatCountdown(seconds)}
      {real}
    </span>
  );
}
