import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { READ_AGAIN_MS } from "@/api/readAgain";
import { unwrap } from "@/api/unwrap";

/** What the nights' replays showed, newest first. */
export function useReports(line: string) {
  return useQuery({
    queryKey: ["reports", line],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/policies/lines/{line}/reports", {
          params: { path: { line }, query: { limit: 10 } },
        }),
      ),
    refetchInterval: READ_AGAIN_MS,
  });
}
