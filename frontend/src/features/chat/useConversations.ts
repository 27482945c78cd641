import { useInfiniteQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

export type Found = Schema<"ThreadFound">;

/** One's conversations, newest first; with words, those that hold them, each with excerpts. */
export function useConversations(words: string, opened: boolean) {
  return useInfiniteQuery({
    queryKey: ["conversations", words],
    enabled: opened,
    queryFn: async ({
      pageParam,
    }): Promise<{ items: Found[]; next: string | null | undefined }> => {
      const query = { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) };
      if (/[\p{L}\p{N}]/u.test(words)) {
        const params = { query: { ...query, q: words } };
        const { items, next_cursor } = await unwrap(api.GET("/api/v1/threads/search", { params }));
        return { items, next: next_cursor };
      }
      const { items, next_cursor } = await unwrap(
        api.GET("/api/v1/threads", { params: { query } }),
      );
      return { items: items.map((thread) => ({ thread, excerpts: [] })), next: next_cursor };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}
