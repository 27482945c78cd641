import { problemIn } from "@/api/problemIn";
import { problemOf } from "@/api/problemOf";
import { useSession } from "@/api/session";

/** Signs in, and keeps the refresh token in a cookie that scripts cannot read. Throws a Problem. */
export async function signIn(who: { login: string; password: string }): Promise<void> {
  const response = await fetch("/api/v1/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...who, cookie: true }),
  }).catch((error: unknown): never => {
    throw problemOf(error);
  });
  if (!response.ok) throw await problemIn(response);
  useSession.getState().enter(await response.json());
}
