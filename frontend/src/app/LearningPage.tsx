import { getRouteApi } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { Note } from "@/components/ui/Note";
import { QueryGate } from "@/components/ui/QueryGate";
import { LineHead } from "@/features/learning/LineHead";
import { useLines } from "@/features/learning/useLines";
import { LEARNING } from "@/features/learning/words";
import { useWords } from "@/lib/useWords";
import { LearningLine } from "./LearningLine";
import styles from "./OperatorPage.module.css";
import { useDesk } from "./useDesk";
import { WORDS } from "./words";

const route = getRouteApi("/shell/learning");

/** What the nights learn, and whether it can be believed; the line stands in the address. */
export function LearningPage() {
  const query = useLines();
  const say = useWords(LEARNING);
  const shell = useWords(WORDS);
  const trades = useSession((state) => state.user?.role === "trader");
  const desk = useDesk(trades);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <QueryGate query={query} what={say("lines")}>
      {({ items }) => {
        const named = search.line ?? desk.data?.policy_line;
        const line = items.find((each) => each.id === named) ?? items[0];
        if (!line) return <Note>{say("noLines")}</Note>;
        return (
          <div className={styles.page}>
            <h1 className="visually-hidden">{shell("learning")}</h1>
            <LineHead
              lines={items}
              line={line}
              onSelect={(id) => void navigate({ search: { line: id } })}
            />
            <LearningLine
              key={line.id}
              line={line.id}
              search={search}
              onSelect={(change) =>
                void navigate({ search: { ...search, line: line.id, ...change }, replace: true })
              }
            />
          </div>
        );
      }}
    </QueryGate>
  );
}
