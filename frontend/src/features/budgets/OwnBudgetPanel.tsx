import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import styles from "./Budgets.module.css";
import { SpendingView } from "./SpendingView";
import { useOwnBudget } from "./useBudgets";
import { WORDS } from "./words";

/** What language models may cost oneself and the organisation, and what of it is left. */
export function OwnBudgetPanel() {
  const say = useWords(WORDS);
  const query = useOwnBudget();
  return (
    <Panel
      title={say("own-title")}
      testId="own-budget"
      status={<Freshness readAt={query.dataUpdatedAt} />}
    >
      <p className={styles.says}>{say("own-says")}</p>
      <QueryGate query={query} what={say("own-title")}>
        {({ accounts }) => (
          <Table label={say("own-title")} head={[say("whose"), say("period"), say("spent")]}>
            {accounts.map((account) => (
              <tr key={`${account.whose} ${account.period}`} data-testid="own-budget-row">
                <td>{say(account.whose === "user" ? "you" : "organisation")}</td>
                <td>
                  {say(account.period === "day" ? "day" : "month")} ({account.since})
                </td>
                <td className={styles.spent}>
                  <SpendingView its={account} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </QueryGate>
    </Panel>
  );
}
