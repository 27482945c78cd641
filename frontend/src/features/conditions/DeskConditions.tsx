import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import { contextWords } from "./contextWords";
import styles from "./DeskConditions.module.css";
import { useDeskState } from "./useDeskState";
import { CONDITIONS } from "./words";

/** Says what holds the desk and why; nothing while nothing does. */
export function DeskConditions() {
  const { data, dataUpdatedAt } = useDeskState();
  const say = useWords(CONDITIONS);
  const zone = useZone();
  if (!data || data.state === "active") return null;
  return (
    <section
      className={styles.notice}
      aria-label={say("deskTitle")}
      data-state={data.state}
      data-testid="desk-conditions"
    >
      <p role="status">
        {data.state === "halted"
          ? `⏹ ${say("halted", { why: data.halt_reason || say("noReason") })}`
          : `⤓ ${say("reducing")}`}
      </p>
      <ul>
        {data.conditions.map((condition) => (
          <li key={condition.id}>
            <strong>{say(condition.cause)}</strong>{" "}
            {say("since", { at: formatInstant(condition.since, zone, "weekday") })}
            {contextWords(condition.context) ? ` (${contextWords(condition.context)})` : ""}
          </li>
        ))}
      </ul>
      <Freshness readAt={dataUpdatedAt} />
    </section>
  );
}
