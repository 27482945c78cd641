import { problemIn } from "@/api/problemIn";
import { problemOf } from "@/api/problemOf";
import { serverEvents } from "@/lib/serverEvents";
import type { ServerEvent } from "@/lib/sse";
import { compareStreamIds } from "@/lib/streamId";

const TRIES = 8;

export type Run = {
  /** Opens the stream: the first time, and again after the last event that was seen. */
  open: (lastEventId: string | null) => Promise<Response>;
  onEvent: (event: ServerEvent) => void;
  wait: (attempt: number) => Promise<void>;
};

const ENDS = new Set(["done", "error"]);

/** Follows a run to its end. A cut stream is taken up again where it stopped; nothing is doubled. */
export async function followRun(run: Run): Promise<void> {
  let last: string | null = null;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt) await run.wait(attempt);
    const response: Response | null = await run.open(last).catch(() => null);
    if (!response || response.status >= 500) continue;
    if (!response.ok) throw await problemIn(response);
    try {
      for await (const event of serverEvents(response)) {
        if (event.id && last && compareStreamIds(event.id, last) <= 0) continue;
        last = event.id ?? last;
        attempt = 0;
        run.onEvent(event);
        if (ENDS.has(event.event)) return;
      }
    } catch {
      // The stream was cut: the next round goes on after the last event.
    }
  }
  throw problemOf({
    code: "cut_off",
    detail: "The answer was cut off and could not be taken up again. Ask once more.",
  });
}
