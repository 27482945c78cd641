import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { phaseTone } from "@/components/ui/phaseTone";
import { QueryGate } from "@/components/ui/QueryGate";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Countdown } from "@/live/Countdown";
import { Freshness } from "@/live/Freshness";
import styles from "./OverrideList.module.css";
import { useOverrideActions } from "./useOverrideActions";
import { useOverrides } from "./useOverrides";
import { SCHEDULE } from "./words";

export function OverrideList() {
  const query = useOverrides();
  const { end } = useOverrideActions();
  const zone = useZone();
  const say = useWords(SCHEDULE);
  return (
    <Panel title={say("overrides")} flush status={<Freshness readAt={query.dataUpdatedAt} />}>
      {end.error ? <ErrorNote error={end.error} what={say("notEnded")} /> : null}
      <QueryGate query={query} what={say("overridesWhat")}>
        {({ items }) =>
          items.length === 0 ? (
            <Note>{say("noOverrides")}</Note>
          ) : (
            <ul>
              {items.map((override) => (
                <li key={override.id} className={styles.row} data-testid="override-row">
                  <Pill tone={phaseTone(override.phase)}>{say(override.phase)}</Pill>
                  <span className={styles.what}>
                    <strong>{override.scope}</strong> · {override.reason}
                    <span className={styles.meta}>
                      {say("held", { at: formatInstant(override.ends, zone, "weekday") })}{" "}
                      <Countdown until={override.ends} /> · {say("by", { owner: override.owner })}
                    </span>
                  </span>
                  <Button
                    variant="default"
                    size="compact-xs"
                    loading={end.isPending && end.variables === override.id}
                    aria-label={say("endOf", { scope: override.scope })}
                    onClick={() => end.mutate(override.id)}
                    data-testid="override-end"
                  >
                    {say("endNow")}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryGate>
    </Panel>
  );
}
