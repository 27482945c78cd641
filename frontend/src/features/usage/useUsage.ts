import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { usePages } from "@/api/usePages";

/** Days as `2026-11-22`, both included; without them the server's own last thirty. */
export type Span = { since?: string; until?: string };

/** What each desk has cost the pods over the days, page by page. */
export function useUsage({ since, until }: Span) {
  const span = { ...(since ? { since } : {}), ...(until ? { until } : {}) };
  return usePages(["usage", since ?? null, until ?? null], (next) =>
    unwrap(api.GET("/api/v1/usage", { params: { query: { ...span, ...next } } })),
  );
}
