import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { Freshness } from "@/live/Freshness";
import { useLive } from "@/live/store";
import { AnswerView } from "./AnswerView";
import { ChatForm } from "./ChatForm";
import styles from "./ChatPanel.module.css";
import { MessageView } from "./MessageView";
import { useMessages } from "./useMessages";
import { useThread } from "./useThread";
import { useTurn } from "./useTurn";

/** The desk's chatbot: asks, streams, cites, and can be stopped. It answers from the desk's snapshot. */
export function ChatPanel() {
  const thread = useThread();
  const messages = useMessages(thread.data?.id);
  const client = useQueryClient();
  const { turn, ask, resume, cancel, busy } = useTurn(thread.data?.id);
  const snapshot = useLive((state) => state.stamps.equity ?? state.desk?.as_of);
  const end = useRef<HTMLDivElement>(null);
  const length = turn?.answer.text.length;
  const running = thread.data?.running;
  const history = (messages.data?.items ?? []).filter(
    (each) => !turn || each.run_id !== turn.run || (each.role === "user" && turn.question === null),
  );

  useEffect(() => {
    if (running) void resume(running);
  }, [running, resume]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest line stays in sight as it grows
  useEffect(() => {
    const box = end.current?.parentElement;
    if (box) box.scrollTop = box.scrollHeight;
  }, [length, history.length, turn?.question]);

  const send = async (question: string) => {
    if (turn) await client.invalidateQueries({ queryKey: ["messages"] });
    await ask(question);
  };
  return (
    <Panel title="Chat" flush className={styles.panel} status={<Freshness source={snapshot} />}>
      <div className={styles.box}>
        <div className={styles.lines} role="log" aria-label="Conversation" aria-busy={busy}>
          {thread.error ? (
            <ErrorNote error={thread.error} what="Chat is away." onRetry={thread.refetch} />
          ) : null}
          {history.length === 0 && !turn ? (
            <Note>Ask about positions, signals, the schedule or the last verdict.</Note>
          ) : null}
          {history.map((message) => (
            <MessageView key={message.id} message={message} />
          ))}
          {turn?.question ? <p className={styles.question}>{turn.question}</p> : null}
          {turn ? <AnswerView answer={turn.answer} /> : null}
          <div ref={end} />
        </div>
        <ChatForm ready={thread.data !== undefined} busy={busy} onSend={send} onCancel={cancel} />
      </div>
    </Panel>
  );
}
