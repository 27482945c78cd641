import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { READ_AGAIN_MS } from "@/api/readAgain";
import { unwrap } from "@/api/unwrap";

export const FORTNIGHT_DAYS = 14;

/** The plans of all pools two weeks ahead; the next days come faster with `scheduleQuery`. */
export function useFortnight() {
  return useQuery({
    queryKey: ["schedule", "fortnight"],
    queryFn: () =>
      unwrap(api.GET("/api/v1/schedule", { params: { query: { hours: FORTNIGHT_DAYS * 24 } } })),
    refetchInterval: READ_AGAIN_MS,
  });
}
