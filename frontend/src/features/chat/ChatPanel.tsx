import { useState } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Panel } from "@/components/ui/Panel";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { useLive } from "@/live/store";
import styles from "./ChatPanel.module.css";
import { Conversation } from "./Conversation";
import { ConversationsDialog } from "./ConversationsDialog";
import { WORDS } from "./historyWords";
import { useThread } from "./useThread";

/** What was chosen last, null for the newest; a conversation is begun anew with each choice alone,
 * so that a question which is typed while the newest is read stays. */
type Choice = { thread: Schema<"ThreadView"> | null; number: number };

/** The desk's chatbot. It answers from the desk's snapshot; the newest conversation goes on. */
export function ChatPanel() {
  const say = useWords(WORDS);
  const newest = useThread();
  const [choice, setChoice] = useState<Choice>({ thread: null, number: 0 });
  const [listed, setListed] = useState(false);
  const snapshot = useLive((state) => state.stamps.equity ?? state.desk?.as_of);
  const thread = choice.thread ?? newest.data;
  return (
    <Panel
      title={say("chat")}
      flush
      still
      className={styles.panel}
      status={<Freshness source={snapshot} />}
      actions={
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => setListed(true)}
          data-testid="conversations"
        >
          {say("conversations")}
        </Button>
      }
    >
      {newest.error ? (
        <ErrorNote error={newest.error} what={say("away")} onRetry={newest.refetch} />
      ) : null}
      <Conversation key={choice.number} thread={thread} />
      <ConversationsDialog
        opened={listed}
        current={thread?.id}
        onChoose={(chosen) => setChoice({ thread: chosen, number: choice.number + 1 })}
        onClose={() => setListed(false)}
      />
    </Panel>
  );
}
