import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { PagesGate } from "@/components/ui/PagesGate";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import { ConversationRow } from "./ConversationRow";
import styles from "./Conversations.module.css";
import { WORDS } from "./historyWords";
import { takeAlong } from "./takeAlong";
import { useConversationChanges } from "./useConversationChanges";
import { useConversations } from "./useConversations";

type Thread = Schema<"ThreadView">;
type Props = {
  opened: boolean;
  current: string | undefined;
  onChoose: (thread: Thread | null) => void;
  onClose: () => void;
};

/** One's conversations: search, open, rename, delete, take along. */
export function ConversationsDialog({ opened, current, onChoose, onClose }: Props) {
  const say = useWords(WORDS);
  const [words, setWords] = useState("");
  const query = useConversations(words.trim(), opened);
  const { begin, rename, remove } = useConversationChanges();
  const saving = useMutation({ mutationFn: takeAlong });
  const problem = begin.error ?? rename.error ?? remove.error ?? saving.error;
  const choose = (thread: Thread) => {
    onChoose(thread);
    onClose();
  };
  const removed = (thread: string) => thread === current && onChoose(null);
  return (
    <Dialog title={say("conversations")} opened={opened} onClose={onClose}>
      <div className={styles.head}>
        <TextInput
          type="search"
          aria-label={say("search")}
          placeholder={say("search")}
          maxLength={200}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          data-testid="conversations-search"
        />
        <Button
          loading={begin.isPending}
          onClick={() => begin.mutate(undefined, { onSuccess: choose })}
        >
          {say("begin")}
        </Button>
      </div>
      {problem ? <ErrorNote error={problem} what={say("refused")} /> : null}
      <PagesGate query={query} what={say("what")} none={say(words.trim() ? "notFound" : "none")}>
        {(found) => (
          <ul className={styles.list}>
            {found.map((each) => (
              <ConversationRow
                key={each.thread.id}
                found={each}
                current={each.thread.id === current}
                onOpen={() => choose(each.thread)}
                onRename={(title) => rename.mutate({ thread: each.thread.id, title })}
                onRemove={() =>
                  remove.mutate(each.thread.id, { onSuccess: () => removed(each.thread.id) })
                }
              />
            ))}
          </ul>
        )}
      </PagesGate>
      <div className={styles.actions}>
        <span className={styles.time}>{say("take")}</span>
        {(["json", "markdown"] as const).map((form) => (
          <Button
            key={form}
            size="compact-xs"
            variant="default"
            onClick={() => saving.mutate(form)}
          >
            {form === "json" ? "JSON" : "Markdown"}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
