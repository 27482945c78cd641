import { useCallback, useRef, useState } from "react";
import { api } from "@/api/client";
import { problemOf } from "@/api/problemOf";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { useZone } from "@/lib/useZone";
import { backoff } from "@/live/backoff";
import { type Answer, EMPTY_ANSWER } from "./answer";
import { followRun } from "./followRun";
import { reduceAnswer } from "./reduceAnswer";
import { RunStreams } from "./runStreams";

/** `question` is null for a run that was under way when the page was opened. */
export type Turn = { run: string | null; question: string | null; answer: Answer };

/** The turn that is under way: ask, follow its stream, cancel it. One stream is followed at a time. */
export function useTurn(thread: string | undefined) {
  const [turn, setTurn] = useState<Turn | null>(null);
  const followed = useRef<RunStreams | null>(null);
  const zone = useZone();

  const change = useCallback((next: (answer: Answer) => Answer) => {
    setTurn((before) => (before ? { ...before, answer: next(before.answer) } : before));
  }, []);

  const follow = useCallback(
    async (streams: RunStreams, question: string | null) => {
      followed.current = streams;
      setTurn({ run: streams.run, question, answer: EMPTY_ANSWER });
      const tell = (next: (answer: Answer) => Answer) => {
        if (followed.current === streams) change(next);
      };
      const open = async (last: string | null) => {
        const response = await streams.open(last);
        if (followed.current === streams) {
          setTurn((before) => (before ? { ...before, run: streams.run } : before));
        }
        return response;
      };
      try {
        await followRun({
          open,
          onEvent: ({ event, data }) =>
            tell((answer) => reduceAnswer(answer, event, JSON.parse(data))),
          wait: (attempt) => new Promise((done) => setTimeout(done, backoff(attempt))),
        });
      } catch (error) {
        const detail = problemOf(error).message;
        tell((answer) => ({ ...answer, status: "failed", error: detail }));
        if (followed.current === streams) followed.current = null;
      }
    },
    [change],
  );

  const ask = useCallback(
    async (text: string, screen: Schema<"OnScreen"> | null) => {
      if (thread) await follow(new RunStreams(thread, { text, screen, zone }), text);
    },
    [thread, zone, follow],
  );

  const resume = useCallback(
    async (run: string) => {
      if (!thread || followed.current?.run === run) return;
      await follow(new RunStreams(thread, null, run), null);
    },
    [thread, follow],
  );

  const cancel = useCallback(async () => {
    if (!thread) return;
    const path = { thread_id: thread };
    await unwrap(api.POST("/api/v1/threads/{thread_id}/cancel", { params: { path } })).catch(
      (error: unknown) => change((answer) => ({ ...answer, error: problemOf(error).message })),
    );
  }, [thread, change]);

  return { turn, ask, resume, cancel, busy: turn?.answer.status === "streaming" };
}
