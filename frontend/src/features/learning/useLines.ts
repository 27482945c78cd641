import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** The organisation's policy lines, each with its champion. */
export function useLines() {
  return useQuery({
    queryKey: ["lines"],
    queryFn: () => unwrap(api.GET("/api/v1/policies", { params: { query: { limit: 200 } } })),
    refetchInterval: 30_000,
  });
}
