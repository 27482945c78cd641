import type { components } from "./schema";

export type ProblemBody = components["schemas"]["Problem"];

/** What the API refused, as RFC 9457 says it; `code` is stable, `fields` are the wrong fields of a form. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, string>;

  constructor(body: Partial<ProblemBody>, status: number) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "unknown";
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
