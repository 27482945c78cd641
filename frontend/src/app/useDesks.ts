import { useQuery } from "@tanstack/react-query";
import { allPages } from "@/api/allPages";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

const ASK_AGAIN_MS = 15_000;

/** All desks of the organisation, for who oversees. */
export function useDesks(enabled: boolean) {
  return useQuery({
    queryKey: ["desks"],
    queryFn: () => allPages((query) => unwrap(api.GET("/api/v1/desks", { params: { query } }))),
    enabled,
    refetchInterval: ASK_AGAIN_MS,
  });
}
