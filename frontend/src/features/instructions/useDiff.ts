import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** What changes between two versions. Versions never change, so it is read once. */
export function useDiff(before: number, after: number) {
  return useQuery({
    queryKey: ["instructions", "diff", before, after],
    queryFn: () =>
      unwrap(api.GET("/api/v1/instructions/diff", { params: { query: { before, after } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
