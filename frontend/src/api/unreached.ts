import { Problem } from "./problem";
import { problemOf } from "./problemOf";

/** What a request has thrown, as a Problem. `fetch` says by a TypeError that nobody answered. */
export function unreached(error: unknown): Problem {
  return error instanceof TypeError ? Problem.unreachable() : problemOf(error);
}
