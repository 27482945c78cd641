import { noFile } from "@/lib/noFile";
import { Problem } from "./problem";

/**
 * Anything that was thrown or answered, as a Problem. A body that is no JSON is a proxy's page. What a
 * request throws goes through `unreached` first: any other TypeError is a mistake of the page.
 */
export function problemOf(
  error: unknown,
  response?: Pick<Response, "status" | "headers">,
): Problem {
  if (error instanceof Problem) return error;
  if (noFile(error)) return Problem.unreachable();
  const status = response?.status ?? 0;
  const request = response?.headers.get("X-Request-Id") ?? null;
  if (error instanceof Error) return new Problem({ detail: error.message }, status, request);
  const body = typeof error === "object" && error !== null ? error : {};
  return new Problem(body, status, request);
}
