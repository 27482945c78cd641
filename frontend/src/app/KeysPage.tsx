import { getRouteApi } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { OwnBudgetPanel } from "@/features/budgets/OwnBudgetPanel";
import { KeysPanel } from "@/features/keys/KeysPanel";
import { useWords } from "@/lib/useWords";
import { OfDesk } from "./OfDesk";
import styles from "./OperatorPage.module.css";
import { WORDS } from "./words";

const route = getRouteApi("/shell/keys");

/** What programs enter a desk with, and what questions may cost; whose desk stands in the address. */
export function KeysPage() {
  const say = useWords(WORDS);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const role = useSession((state) => state.user?.role);
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{say("keys")}</h1>
      <OfDesk
        named={search.desk}
        onName={(desk) => void navigate({ search: { desk }, replace: true })}
      >
        {(desk) => (
          <KeysPanel
            key={desk}
            desk={desk}
            mayMake={desk === undefined}
            mayRevoke={role !== "viewer"}
          />
        )}
      </OfDesk>
      <OwnBudgetPanel />
    </div>
  );
}
