import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** The gate's latest verdicts, newest first. */
export function useVerdicts() {
  return useQuery({
    queryKey: ["verdicts"],
    queryFn: () => unwrap(api.GET("/api/v1/verdicts", { params: { query: { limit: 20 } } })),
    refetchInterval: 5000,
  });
}
