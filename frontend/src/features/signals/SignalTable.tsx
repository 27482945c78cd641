import { Link } from "@tanstack/react-router";
import { Button } from "@/components/ui/Button";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { SIGNAL_PAGE } from "./pageWords";
import { SignalTableRow } from "./SignalTableRow";
import { useSignalPages } from "./useSignalPages";

type Props = {
  instrument: string | undefined;
  /** Another desk than one's own. */
  desk: string | undefined;
};

/** Signals on record, page by page, each with a link to its own page. */
export function SignalTable({ instrument, desk }: Props) {
  const query = useSignalPages(instrument, desk);
  const say = useWords(SIGNAL_PAGE);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const head = (["time", "instrument", "weight", "score", "price", "became"] as const).map((key) =>
    say(key),
  );
  return (
    <Panel
      title={say("signals")}
      flush
      status={<Freshness source={rows[0]?.bar_end} readAt={query.dataUpdatedAt} />}
      testId="signal-table"
    >
      <QueryGate query={query} what={say("signals")}>
        {() =>
          rows.length === 0 ? (
            <Note>{say("none")}</Note>
          ) : (
            <Table label={say("signals")} head={head} numeric={[2, 3, 4]}>
              {rows.map((row) => (
                <SignalTableRow
                  key={row.id}
                  row={row}
                  link={(text, label) => (
                    <Link to="/signals/$id" params={{ id: row.id }} aria-label={label}>
                      {text}
                    </Link>
                  )}
                />
              ))}
            </Table>
          )
        }
      </QueryGate>
      {query.hasNextPage ? (
        <Button
          variant="subtle"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {say("more")}
        </Button>
      ) : null}
    </Panel>
  );
}
