import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

type Pages = { pages: { items: Schema<"MessageView">[] }[] };

/** Of one name for all renders, so that the messages are put in order when they change. */
const inOrder = ({ pages }: Pages) => pages.flatMap((page) => page.items).reverse();

/** A conversation from its end backwards, page by page; `newest` first. */
export function useMessages(thread: string | undefined) {
  return useInfiniteQuery({
    queryKey: ["messages", thread],
    enabled: thread !== undefined,
    queryFn: ({ pageParam }) => {
      const query = {
        order: "newest" as const,
        limit: 50,
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const path = { thread_id: thread ?? "" };
      return unwrap(api.GET("/api/v1/threads/{thread_id}/messages", { params: { path, query } }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    select: inOrder,
  });
}
