import type { components } from "./schema";

export type ProblemBody = components["schemas"]["Problem"];

/** A server that failed without a word, or a proxy before it that has no JSON to say it with. */
const SPEECHLESS = "server_failed";

/**
 * What the API refused, as RFC 9457 says it; `code` is stable, `fields` are the wrong fields of a form,
 * `request` is what the server's log knows it by.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, string>;
  readonly request: string | null;

  constructor(body: Partial<ProblemBody>, status: number, request: string | null = null) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? (status >= 500 ? SPEECHLESS : "unknown");
    this.request = request;
    this.fields = Object.fromEntries(
      (body.errors ?? []).map((error) => [lastPart(error.field), error.message]),
    );
  }

  static unreachable(): Problem {
    return new Problem(
      {
        code: "unreachable",
        detail: "The server cannot be reached. Check the connection and try again.",
      },
      0,
    );
  }
}

/** `body.ends` → `ends`. */
function lastPart(field: string): string {
  return field.slice(field.lastIndexOf(".") + 1);
}
