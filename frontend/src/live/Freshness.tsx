import { formatInstant, formatSpan, zoneName } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import styles from "./Freshness.module.css";
import { useConnection } from "./useConnection";
import { useMarketNow } from "./useMarketNow";

type Props = { source: string | null | undefined; testId?: string };

/** How old what is shown is, at the source, and whether it still comes in. Stands on every panel. */
export function Freshness({ source, testId }: Props) {
  const connection = useConnection();
  const market = useMarketNow();
  const zone = useZone();
  const ageMs = source ? Math.max(0, market.now - Date.parse(source)) : null;
  const real = ageMs === null ? "" : `${formatSpan(ageMs / 1000 / market.speed)} ago`;
  const title =
    source && ageMs !== null
      ? `As of ${formatInstant(source, zone, "full")} ${zoneName(Date.parse(source), zone)}: ${formatSpan(ageMs / 1000)} of market time ago`
      : "Nothing received yet";
  return (
    <span
      className={styles.freshness}
      data-connection={connection}
      data-testid={testId}
      title={title}
    >
      <span className={styles.dot} aria-hidden="true" />
      {connection === "live" ? <span className="visually-hidden">live, </span> : `${connection} · `}
      {source ? `${formatInstant(source, zone, "time")} · ${real}` : "no data yet"}
    </span>
  );
}
