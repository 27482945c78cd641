import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Note } from "@/components/ui/Note";
import { useWords } from "@/lib/useWords";
import { AnswerView } from "./AnswerView";
import { ChatForm } from "./ChatForm";
import styles from "./ChatPanel.module.css";
import { WORDS } from "./historyWords";
import { MessageView } from "./MessageView";
import { Thumbs } from "./Thumbs";
import { useMessages } from "./useMessages";
import { useTurn } from "./useTurn";

type Props = { thread: Schema<"ThreadView"> | undefined };

/** A conversation: what was said, the turn that is under way, and the next question. */
export function Conversation({ thread }: Props) {
  const say = useWords(WORDS);
  const messages = useMessages(thread?.id);
  const client = useQueryClient();
  const { turn, ask, resume, cancel, busy } = useTurn(thread?.id);
  const lines = useRef<HTMLDivElement>(null);
  const running = thread?.running;
  const stored = messages.data ?? [];
  const history = stored.filter(
    (each) => !turn || each.run_id !== turn.run || (each.role === "user" && turn.question === null),
  );
  const answered = stored.find((each) => each.run_id === turn?.run && each.role === "assistant");
  const done = turn?.answer.status === "done";

  useEffect(() => {
    if (running) void resume(running);
  }, [running, resume]);

  useEffect(() => {
    if (done) void client.invalidateQueries({ queryKey: ["messages"] });
  }, [done, client]);

  const send = async (question: string, screen: Schema<"OnScreen"> | null) => {
    // The end of it, as the style turns the box round: there the view stays while words come.
    if (lines.current) lines.current.scrollTop = 0;
    // Of a turn that is on record already nothing would be missing while the next one begins.
    if (turn && !answered) await client.invalidateQueries({ queryKey: ["messages"] });
    await ask(question, screen);
  };
  return (
    <div className={styles.box}>
      <div
        ref={lines}
        className={styles.lines}
        role="log"
        aria-label={say("log")}
        aria-busy={busy}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        tabIndex={0}
      >
        <div className={styles.said}>
          {messages.hasNextPage ? (
            <Button
              className={styles.earlier ?? ""}
              variant="subtle"
              size="compact-xs"
              loading={messages.isFetchingNextPage}
              onClick={() => void messages.fetchNextPage()}
            >
              {say("earlier")}
            </Button>
          ) : null}
          {history.length === 0 && !turn ? <Note>{say("ask")}</Note> : null}
          {history.map((message) => (
            <MessageView key={message.id} message={message} />
          ))}
          {turn?.question ? <p className={styles.question}>{turn.question}</p> : null}
          {turn ? <AnswerView answer={turn.answer} /> : null}
          {answered ? <Thumbs message={answered} /> : null}
        </div>
      </div>
      <ChatForm ready={thread !== undefined} busy={busy} onSend={send} onCancel={cancel} />
    </div>
  );
}
