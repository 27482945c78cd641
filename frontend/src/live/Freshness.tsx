import { formatInstant, formatSpan, zoneName } from "@/lib/time";
import { useNow } from "@/lib/useNow";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { readingOf } from "./connection";
import styles from "./Freshness.module.css";
import { useConnection } from "./useConnection";
import { useMarketNow } from "./useMarketNow";
import { WORDS } from "./words";

type Props = {
  /** When it was so at the source, in market time. */
  source?: string | null | undefined;
  /** For what is read again and again: when it last was, in wall ms (`query.dataUpdatedAt`). */
  readAt?: number;
  testId?: string;
};

/** How old what is shown is, at the source, and whether it still comes in. Stands on every panel. */
export function Freshness({ source, readAt, testId }: Props) {
  const socket = useConnection();
  const now = useNow();
  const connection = readAt === undefined ? socket : readingOf(socket, readAt, now);
  const { age, title } = useAge(source, readAt, now);
  const say = useWords(WORDS);
  return (
    <span
      className={styles.freshness}
      data-connection={connection}
      data-testid={testId}
      data-freshness
      title={title}
    >
      <span className={styles.dot} aria-hidden="true" />
      {connection === "live" ? (
        <span className="visually-hidden">{say("live")}, </span>
      ) : (
        `${say(connection)} · `
      )}
      {age}
    </span>
  );
}

function useAge(source: Props["source"], readAt: number | undefined, now: number) {
  const market = useMarketNow();
  const zone = useZone();
  const say = useWords(WORDS);
  if (source) {
    const at = Date.parse(source);
    const seconds = Math.max(0, (market.now - at) / 1000);
    const span = formatSpan(seconds);
    const instant = formatInstant(source, zone, "full");
    const real = say("ago", { span: formatSpan(seconds / market.speed) });
    return {
      age: `${formatInstant(source, zone, "time")} · ${real}`,
      title: say("as-of", { instant, zone: zoneName(at, zone), span }),
    };
  }
  if (!readAt) return { age: say("none"), title: say("none-says") };
  const span = formatSpan(Math.max(0, (now - readAt) / 1000));
  return { age: say("read", { span }), title: say("read-says", { span }) };
}
