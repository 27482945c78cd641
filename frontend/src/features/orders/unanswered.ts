import { problemOf } from "@/api/problemOf";

/** Whether something may have been made although it failed: its answer was lost, or the server broke. */
export function unanswered(error: unknown): boolean {
  const { status } = problemOf(error);
  return status === 0 || status >= 500;
}
