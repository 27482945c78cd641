import { useState } from "react";
import type { Schema } from "@/api/types";
import { PagesGate } from "@/components/ui/PagesGate";
import { Panel } from "@/components/ui/Panel";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { DisableDialog } from "./DisableDialog";
import { UserRow } from "./UserRow";
import { useUsers } from "./useUsers";
import { WORDS } from "./words";

const COLUMNS = ["login", "name", "role", "since", "state"] as const;

/** The organisation's accounts; an operator disables and enables those of others. */
export function UsersPanel() {
  const say = useWords(WORDS);
  const query = useUsers();
  const [chosen, setChosen] = useState<Schema<"PersonView"> | null>(null);
  return (
    <Panel
      title={say("title")}
      testId="users"
      flush
      status={<Freshness readAt={query.dataUpdatedAt} />}
    >
      <PagesGate query={query} what={say("what")} none={say("none")}>
        {(accounts) => (
          <Table label={say("title")} head={[...COLUMNS.map((key) => say(key)), ""]}>
            {accounts.map((account) => (
              <UserRow key={account.id} account={account} onChange={() => setChosen(account)} />
            ))}
          </Table>
        )}
      </PagesGate>
      {chosen ? <DisableDialog account={chosen} onClose={() => setChosen(null)} /> : null}
    </Panel>
  );
}
