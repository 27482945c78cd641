import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** All pods with their seats, and what scaling does next; for those who may see them. */
export function usePods(enabled = true) {
  return useQuery({
    queryKey: ["pods"],
    queryFn: () => unwrap(api.GET("/api/v1/pods")),
    refetchInterval: 2000,
    enabled,
  });
}
