import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** The caller's desk: what it trades, its limits, where it sits. */
export function useDesk(enabled = true) {
  return useQuery({
    queryKey: ["desk"],
    queryFn: () => unwrap(api.GET("/api/v1/desk")),
    refetchInterval: 5000,
    enabled,
  });
}
