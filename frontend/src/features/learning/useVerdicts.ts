import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** The gate's latest verdicts, newest first; of one policy line, or of all. */
export function useVerdicts(line?: string) {
  return useQuery({
    queryKey: ["verdicts", line ?? "all"],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/verdicts", {
          params: { query: { limit: 20, ...(line ? { line } : {}) } },
        }),
      ),
    refetchInterval: 5000,
  });
}
