import { Problem } from "./problem";

const MOST = 2;

/** Whether a failed reading is tried again: a refusal is not, an unreachable server is, twice. */
export function worthAgain(failures: number, error: Error): boolean {
  const refused = error instanceof Problem && error.status > 0 && error.status < 500;
  return !refused && failures < MOST;
}
