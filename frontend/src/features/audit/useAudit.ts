import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { usePages } from "@/api/usePages";

/** The organisation's changes, newest first, page by page; of one subject, or of all. */
export function useAudit(subject: string | undefined) {
  const asked = { limit: 50, ...(subject ? { subject } : {}) };
  return usePages(["audit", subject ?? null], (next) =>
    unwrap(api.GET("/api/v1/audit", { params: { query: { ...asked, ...next } } })),
  );
}
