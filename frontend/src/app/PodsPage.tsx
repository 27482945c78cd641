import { getRouteApi } from "@tanstack/react-router";
import { MemoryPanel } from "@/features/pods/MemoryPanel";
import { PodsPanel } from "@/features/pods/PodsPanel";
import { useWords } from "@/lib/useWords";
import styles from "./OperatorPage.module.css";
import { usePodsUntil } from "./usePodsUntil";
import { WORDS } from "./words";

const route = getRouteApi("/shell/pods");

/** Who sits where, what the pods do, and what scaling does next; the filter is in the address. */
export function PodsPage() {
  const say = useWords(WORDS);
  const until = usePodsUntil();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{say("pods")}</h1>
      <PodsPanel
        until={until}
        filter={filter}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
      <MemoryPanel />
    </div>
  );
}
