import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** How a night's trials of the line learned; the newest night where none is named. */
export function useCurves(line: string, night: string | undefined) {
  return useQuery({
    queryKey: ["curves", line, night ?? "newest"],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/policies/lines/{line}/curves", {
          params: { path: { line }, query: night ? { night } : {} },
        }),
      ),
    refetchInterval: 5000,
    placeholderData: keepPreviousData,
  });
}
