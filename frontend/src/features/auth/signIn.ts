import { problemIn } from "@/api/problemIn";
import { reach } from "@/api/reach";
import { useSession } from "@/api/session";

/** Signs in, and keeps the refresh token in a cookie that scripts cannot read. Throws a Problem. */
export async function signIn(who: { login: string; password: string }): Promise<void> {
  const response = await reach("/api/v1/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...who, cookie: true }),
  });
  if (!response.ok) throw await problemIn(response);
  useSession.getState().enter(await response.json());
}
