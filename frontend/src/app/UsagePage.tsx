import { getRouteApi } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { BudgetsPanel } from "@/features/budgets/BudgetsPanel";
import { UsagePanel } from "@/features/usage/UsagePanel";
import { useWords } from "@/lib/useWords";
import styles from "./OperatorPage.module.css";
import { usageSearch } from "./usageSearch";
import { WORDS } from "./words";

const route = getRouteApi("/shell/usage");

/** What desks cost, and what language models may; the days stand in the address. */
export function UsagePage() {
  const say = useWords(WORDS);
  const role = useSession((state) => state.user?.role);
  const span = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{say("usage")}</h1>
      <UsagePanel
        span={span}
        onSpan={(change) =>
          void navigate({ search: usageSearch({ ...span, ...change }), replace: true })
        }
      />
      <BudgetsPanel maySet={role === "operator"} />
    </div>
  );
}
