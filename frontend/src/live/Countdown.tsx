import { formatCountdown, formatSpan } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useMarketNow } from "./useMarketNow";
import { WORDS } from "./words";

type Props = { until: string | null | undefined; brief?: boolean };

/**
 * How long until an instant of market time, in market time and, where it runs faster, in real time;
 * `brief` tells the latter on hovering alone.
 */
export function Countdown({ until, brief = false }: Props) {
  const { now, speed } = useMarketNow();
  const say = useWords(WORDS);
  if (!until) return null;
  const seconds = Math.max(0, (Date.parse(until) - now) / 1000);
  const real = speed === 1 ? "" : ` (${say("real", { span: formatSpan(seconds / speed) })})`;
  const title = say("until");
  return (
    <span role="timer" aria-live="off" title={brief ? title + real : title}>
      {formatCountdown(seconds)}
      {brief ? null : real}
    </span>
  );
}
