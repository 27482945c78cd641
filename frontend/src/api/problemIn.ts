import type { Problem } from "./problem";
import { problemOf } from "./problemOf";

/** What a response that is not ok says went wrong. Reads its body. */
export async function problemIn(response: Response): Promise<Problem> {
  return problemOf(await response.json().catch(() => null), response);
}
