import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { useSession } from "@/api/session";
import { QueryGate } from "@/components/ui/QueryGate";
import { AnswersPanel } from "@/features/instructions/AnswersPanel";
import { DiffPanel } from "@/features/instructions/DiffPanel";
import { HistoryPanel } from "@/features/instructions/HistoryPanel";
import { PreviewPanel } from "@/features/instructions/PreviewPanel";
import { QuestionsPanel } from "@/features/instructions/QuestionsPanel";
import { useInstructionActions } from "@/features/instructions/useInstructionActions";
import { useInstructions } from "@/features/instructions/useInstructions";
import { VersionList } from "@/features/instructions/VersionList";
import { VersionPanel } from "@/features/instructions/VersionPanel";
import { useWords } from "@/lib/useWords";
import styles from "./InstructionsPage.module.css";
import { WORDS } from "./words";

const route = getRouteApi("/shell/instructions");

/** What the chatbot is told to do: versions, which answers whom, and what a new one would answer. */
export function InstructionsPage() {
  const say = useWords(WORDS);
  const query = useInstructions();
  const operates = useSession((state) => state.user?.role === "operator");
  const every = useInstructionActions();
  const actions = operates ? every : undefined;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // What is shown first stays where somebody else promotes: a text may be being written from it.
  const first = useRef<number>(undefined);
  const show = (change: { version?: number; against?: number }) =>
    void navigate({ search: { ...search, ...change }, replace: true });
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{say("instructions")}</h1>
      <QueryGate query={query} what={say("instructions")}>
        {(found) => {
          const production = found.labels.production;
          first.current ??= production;
          const version =
            found.versions.find((each) => each.version === search.version) ??
            found.versions.find((each) => each.version === first.current) ??
            found.versions[0];
          if (!version) return null;
          const against = search.against ?? production ?? version.version;
          return (
            <div className={styles.columns}>
              <div className={styles.side}>
                <AnswersPanel found={found} readAt={query.dataUpdatedAt} actions={actions} />
                <VersionList
                  found={found}
                  selected={version.version}
                  readAt={query.dataUpdatedAt}
                  onSelect={(each) => show({ version: each })}
                />
                <HistoryPanel />
              </div>
              <div className={styles.side}>
                <VersionPanel
                  key={version.version}
                  version={version}
                  labels={found.labels}
                  actions={actions}
                  onKept={(each) => show({ version: each })}
                />
                <DiffPanel
                  versions={found.versions.map((each) => each.version)}
                  before={against}
                  after={version.version}
                  readAt={query.dataUpdatedAt}
                  onBefore={(each) => show({ against: each })}
                />
                {operates ? <PreviewPanel before={against} after={version.version} /> : null}
                <QuestionsPanel operates={operates} />
              </div>
            </div>
          );
        }}
      </QueryGate>
    </div>
  );
}
