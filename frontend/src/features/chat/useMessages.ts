import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

export function useMessages(thread: string | undefined) {
  return useQuery({
    queryKey: ["messages", thread],
    enabled: thread !== undefined,
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/threads/{thread_id}/messages", {
          params: { path: { thread_id: thread ?? "" } },
        }),
      ),
  });
}
