import { useState } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { PagesGate } from "@/components/ui/PagesGate";
import { Panel } from "@/components/ui/Panel";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { KeyRow } from "./KeyRow";
import styles from "./Keys.module.css";
import { MakeKeyDialog } from "./MakeKeyDialog";
import { RevokeDialog } from "./RevokeDialog";
import { useKeys } from "./useKeys";
import { WORDS } from "./words";

const COLUMNS = ["name", "begins", "scopes", "state", "made", "used"] as const;

type Props = {
  /** Another desk than one's own. */
  desk: string | undefined;
  mayMake: boolean;
  mayRevoke: boolean;
};

/** The keys with which programs enter a desk: what each opens, until when, and when it last did. */
export function KeysPanel({ desk, mayMake, mayRevoke }: Props) {
  const say = useWords(WORDS);
  const query = useKeys(desk);
  const [making, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Schema<"KeyView"> | null>(null);
  return (
    <Panel
      title={say("title")}
      testId="keys"
      status={<Freshness readAt={query.dataUpdatedAt} />}
      actions={
        mayMake ? (
          <Button size="compact-xs" onClick={() => setMaking(true)} data-testid="key-new">
            {say("make")}
          </Button>
        ) : null
      }
    >
      <p className={styles.says}>{say("says")}</p>
      <PagesGate query={query} what={say("what")} none={say(mayMake ? "none" : "none-there")}>
        {(keys) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
          <section className={styles.rows} tabIndex={0} aria-label={say("title")}>
            <Table label={say("title")} head={[...COLUMNS.map((key) => say(key)), ""]}>
              {keys.map((key) => (
                <KeyRow
                  key={key.id}
                  its={key}
                  onRevoke={mayRevoke ? () => setRevoked(key) : null}
                />
              ))}
            </Table>
          </section>
        )}
      </PagesGate>
      {making ? <MakeKeyDialog onClose={() => setMaking(false)} /> : null}
      {revoked ? <RevokeDialog desk={desk} its={revoked} onClose={() => setRevoked(null)} /> : null}
    </Panel>
  );
}
