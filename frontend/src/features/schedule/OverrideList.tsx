import { Button } from "@mantine/core";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { phaseTone } from "@/components/ui/phaseTone";
import { QueryGate } from "@/components/ui/QueryGate";
import { formatInstant } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import { Countdown } from "@/live/Countdown";
import styles from "./OverrideList.module.css";
import { useOverrideActions } from "./useOverrideActions";
import { useOverrides } from "./useOverrides";

export function OverrideList() {
  const query = useOverrides();
  const { end } = useOverrideActions();
  const zone = useZone();
  return (
    <Panel title="Overrides that hold" flush>
      {end.error ? <ErrorNote error={end.error} what="Not ended." /> : null}
      <QueryGate query={query} what="Overrides">
        {({ items }) =>
          items.length === 0 ? (
            <Note>None. The plan follows the calendars.</Note>
          ) : (
            <ul>
              {items.map((override) => (
                <li key={override.id} className={styles.row} data-testid="override-row">
                  <Pill tone={phaseTone(override.phase)}>{override.phase}</Pill>
                  <span className={styles.what}>
                    <strong>{override.scope}</strong> · {override.reason}
                    <span className={styles.meta}>
                      until {formatInstant(override.ends, zone, "weekday")} · in{" "}
                      <Countdown until={override.ends} /> · by {override.owner}
                    </span>
                  </span>
                  <Button
                    variant="default"
                    size="compact-xs"
                    loading={end.isPending && end.variables === override.id}
                    aria-label={`End the override of ${override.scope}`}
                    onClick={() => end.mutate(override.id)}
                    data-testid="override-end"
                  >
                    End now
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
