import type { User } from "@/api/session";

/** Who may look at the platform as a whole; only the operator may change it. */
export function oversees(role: User["role"] | undefined): boolean {
  return role === "operator" || role === "risk" || role === "viewer";
}
