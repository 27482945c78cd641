import { useCallback, useEffect, useRef, useState } from "react";
import { authFetch } from "@/api/authFetch";
import { unreached } from "@/api/unreached";
import { type Pair, readPairs } from "./readPairs";

type Preview = { running: boolean; pairs: Pair[]; error: unknown };

const NOTHING: Preview = { running: false, pairs: [], error: null };

/** Runs previews, one at a time; leaving the page, or `stop`, ends the pod's work too. */
export function usePreview() {
  const [preview, setPreview] = useState<Preview>(NOTHING);
  const running = useRef<AbortController | null>(null);

  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setPreview((now) => ({ ...now, running: false }));
  }, []);

  const run = useCallback(async (before: number, after: number, text: string) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setPreview({ ...NOTHING, running: true });
    let error: unknown = null;
    try {
      for await (const pair of readPairs(await authFetch(request(before, after, text, own)))) {
        if (running.current !== own) return;
        setPreview((now) => ({ ...now, pairs: [...now.pairs, pair] }));
      }
    } catch (failed) {
      error = unreached(failed);
    }
    if (running.current === own) setPreview((now) => ({ ...now, running: false, error }));
  }, []);

  useEffect(() => () => running.current?.abort(), []);
  return { ...preview, run, stop };
}

/** Of the saved questions, or of one `text` where there is one. */
function request(before: number, after: number, text: string, own: AbortController): Request {
  return new Request(`${location.origin}/api/v1/instructions/preview`, {
    method: "POST",
    headers: { Accept: "text/event-stream", "Content-Type": "application/json" },
    body: JSON.stringify({ before, after, ...(text ? { text } : {}) }),
    signal: own.signal,
  });
}
