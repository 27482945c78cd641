import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** The newest thread of the desk, made if there is none. */
export function useThread() {
  return useQuery({
    queryKey: ["thread"],
    queryFn: async () => {
      const { items } = await unwrap(
        api.GET("/api/v1/threads", { params: { query: { limit: 1 } } }),
      );
      return items[0] ?? (await unwrap(api.POST("/api/v1/threads", { body: {} })));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
