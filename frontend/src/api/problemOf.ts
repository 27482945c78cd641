import { Problem } from "./problem";

/** Anything that was thrown or answered, as a Problem. */
export function problemOf(error: unknown, status = 0): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return Problem.unreachable();
  if (typeof error === "object" && error !== null && !(error instanceof Error)) {
    return new Problem(error, status);
  }
  const detail = error instanceof Error ? error.message : String(error || "");
  return new Problem({ detail }, status);
}
