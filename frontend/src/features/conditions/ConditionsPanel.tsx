import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import { contextWords } from "./contextWords";
import { useConditions } from "./useConditions";
import { CONDITIONS } from "./words";

/** What holds desks of the organisation, and what did; the risk role ends one by hand. */
export function ConditionsPanel({ mayEnd }: { mayEnd: boolean }) {
  const { query, end } = useConditions();
  const say = useWords(CONDITIONS);
  const zone = useZone();
  const head = [say("cause"), say("scope"), say("details"), say("begun"), say("state")];
  return (
    <Panel
      title={say("title")}
      flush
      testId="conditions-panel"
      status={<Freshness readAt={query.dataUpdatedAt} />}
    >
      {end.error ? <ErrorNote error={end.error} what={say("notEnded")} /> : null}
      <QueryGate query={query} what={say("title")}>
        {({ items }) =>
          items.length === 0 ? (
            <Note>{say("none")}</Note>
          ) : (
            <Table label={say("title")} head={mayEnd ? [...head, ""] : head}>
              {items.map((each) => (
                <tr key={each.id} data-testid="condition-row">
                  <td>{say(each.cause)}</td>
                  <td>{each.scope}</td>
                  <td>{contextWords(each.context)}</td>
                  <td>{formatInstant(each.since, zone, "weekday")}</td>
                  <td>
                    <Pill tone={each.cleared_at ? "plain" : "warn"}>
                      {each.cleared_at ? say("over", { who: each.cleared_by }) : say("holds")}
                    </Pill>
                  </td>
                  {mayEnd ? (
                    <td>
                      {each.cleared_at ? null : (
                        <Button
                          variant="default"
                          size="compact-xs"
                          title={say("ends")}
                          aria-label={say("endOf", { cause: say(each.cause), scope: each.scope })}
                          loading={end.isPending && end.variables === each.id}
                          onClick={() => end.mutate(each.id)}
                        >
                          {say("end")}
                        </Button>
                      )}
                    </td>
                  ) : null}
                </tr>
              ))}
            </Table>
          )
        }
      </QueryGate>
    </Panel>
  );
}
