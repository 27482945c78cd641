import { useState } from "react";
import { PagesGate } from "@/components/ui/PagesGate";
import { Panel } from "@/components/ui/Panel";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { BudgetDialog, type Subject } from "./BudgetDialog";
import { BudgetRow } from "./BudgetRow";
import styles from "./Budgets.module.css";
import { EveryoneRow } from "./EveryoneRow";
import { useBudgets, useOwnBudget, usePeopleBudgets } from "./useBudgets";
import { WORDS } from "./words";

/** What language models may cost the organisation and each user, and have cost; operators set it. */
export function BudgetsPanel({ maySet }: { maySet: boolean }) {
  const say = useWords(WORDS);
  const people = usePeopleBudgets();
  const limits = useBudgets().data;
  const accounts = useOwnBudget().data?.accounts;
  const [chosen, setChosen] = useState<Subject | null>(null);
  const ask = (id: string, name: string) =>
    maySet && limits ? () => setChosen({ id, name, limits: limits.get(id) }) : null;
  const ours = (period: string) =>
    accounts?.find((each) => each.whose === "organisation" && each.period === period);
  return (
    <Panel
      title={say("title")}
      testId="budgets"
      status={<Freshness readAt={people.dataUpdatedAt} />}
    >
      <p className={styles.says}>{say("says")}</p>
      <PagesGate query={people} what={say("what")} none={say("nobody")}>
        {(all) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
          <section className={styles.rows} tabIndex={0} aria-label={say("title")}>
            <Table
              label={say("title")}
              head={[say("whose"), say("day"), say("month"), ...(maySet && limits ? [""] : [])]}
            >
              <BudgetRow
                name={say("organisation")}
                note={say("organisation-says")}
                day={ours("day")}
                month={ours("month")}
                onSet={ask("organisation", say("organisation"))}
              />
              <EveryoneRow
                limits={limits ? (limits.get("everyone") ?? {}) : null}
                onSet={ask("everyone", say("everyone"))}
              />
              {all.map(({ user, login, own, day, month }) => (
                <BudgetRow
                  key={user}
                  name={login}
                  note={say(own ? "own-limits" : "shared-limits")}
                  day={day}
                  month={month}
                  onSet={ask(user, login)}
                />
              ))}
            </Table>
          </section>
        )}
      </PagesGate>
      {chosen ? <BudgetDialog subject={chosen} onClose={() => setChosen(null)} /> : null}
    </Panel>
  );
}
