import { api } from "@/api/client";
import { useSession } from "@/api/session";

/** Ends the session here and on the server; here also when the server cannot be reached. */
export async function signOut(): Promise<void> {
  try {
    await api.POST("/api/v1/auth/logout", { body: {} });
  } finally {
    useSession.getState().leave();
  }
}
