import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

type Rename = { thread: string; title: string };

/** Begin, rename and delete conversations; lists are read again afterwards. */
export function useConversationChanges() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["conversations"] });
  const begin = useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/threads", { body: {} })),
    onSettled,
  });
  const rename = useMutation({
    mutationFn: ({ thread, title }: Rename) =>
      unwrap(
        api.PATCH("/api/v1/threads/{thread_id}", {
          params: { path: { thread_id: thread } },
          body: { title },
        }),
      ),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (thread: string) =>
      unwrap(
        api.DELETE("/api/v1/threads/{thread_id}", { params: { path: { thread_id: thread } } }),
      ),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ["thread"] });
      await onSettled();
    },
  });
  return { begin, rename, remove };
}
