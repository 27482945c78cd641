import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import type { Label } from "./label";

/** Every move of a label, newest first, a page at a time. */
export function useMoves(label: Label) {
  return useInfiniteQuery({
    queryKey: ["instructions", "moves", label],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/instructions/labels/{label}/history", {
          params: { path: { label }, query: { limit: 20, cursor: pageParam } },
        }),
      ),
    refetchInterval: 5000,
    getNextPageParam: (page) => (page.next_cursor ? Number(page.next_cursor) : null),
  });
}
