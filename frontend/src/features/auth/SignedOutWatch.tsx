import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "@/api/session";

/** Leads to sign-in, and forgets what was read, once the session has ended. */
export function SignedOutWatch() {
  const status = useSession((state) => state.status);
  const navigate = useNavigate();
  const client = useQueryClient();
  useEffect(() => {
    if (status !== "out") return;
    client.clear();
    void navigate({ to: "/login" });
  }, [status, navigate, client]);
  return null;
}
