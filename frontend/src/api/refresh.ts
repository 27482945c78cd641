import { problemIn } from "./problemIn";
import { reach } from "./reach";
import { useSession } from "./session";

let running: Promise<boolean> | null = null;

/**
 * Exchanges the cookie's refresh token for a new access token; false when one has to sign in again.
 * Throws a Problem where the server fails at it: that says nothing about who is signed in.
 * A refresh token works once, so that one exchange runs at a time, over all tabs.
 */
export function refresh(): Promise<boolean> {
  running ??= withLock(exchange).finally(() => {
    running = null;
  });
  return running;
}

async function withLock(work: () => Promise<boolean>): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  return locks ? await locks.request("shiftdesk-refresh", work) : await work();
}

async function exchange(): Promise<boolean> {
  const response = await reach("/api/v1/auth/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (response.ok) {
    useSession.getState().enter(await response.json());
    return true;
  }
  // Reading it ends the request: one that nobody reads stays open.
  const problem = await problemIn(response);
  if (problem.status >= 500) throw problem;
  if (problem.status === 401) useSession.getState().leave();
  return false;
}
