import { authFetch } from "@/api/authFetch";
import type { Schema } from "@/api/types";
import { uuid } from "@/lib/uuid";

const EVENTS = "text/event-stream";

/** Opens streams of one run: the first posts the question, later ones go on from an event. */
export class RunStreams {
  private readonly key = uuid();

  constructor(
    private readonly thread: string,
    /** What is asked; null where a run is followed that others began. */
    private readonly question: Schema<"MessageRequest"> | null,
    /** The run, once it is known; given, where one that runs already is followed. */
    public run: string | null = null,
  ) {}

  async open(lastEventId: string | null): Promise<Response> {
    const response = await authFetch(this.run ? this.resumed(this.run, lastEventId) : this.first());
    this.run = response.headers.get("X-Run-Id") ?? this.run;
    return response;
  }

  private first(): Request {
    return new Request(`${location.origin}/api/v1/threads/${this.thread}/messages`, {
      method: "POST",
      headers: { Accept: EVENTS, "Content-Type": "application/json", "Idempotency-Key": this.key },
      body: JSON.stringify(this.question),
    });
  }

  private resumed(run: string, lastEventId: string | null): Request {
    const headers: Record<string, string> = { Accept: EVENTS };
    if (lastEventId) headers["Last-Event-ID"] = lastEventId;
    return new Request(`${location.origin}/api/v1/runs/${run}/events`, { headers });
  }
}
