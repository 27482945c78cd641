import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { usePages } from "@/api/usePages";

const KEY = ["users"];

/** The organisation's accounts by login, page by page. */
export function useUsers() {
  return usePages(KEY, (query) => unwrap(api.GET("/api/v1/users", { params: { query } })));
}

/** Disables an account, or enables it again. */
export function useSetDisabled() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, disabled }: { id: string; disabled: boolean }) =>
      unwrap(
        api.PATCH("/api/v1/users/{user_id}", {
          params: { path: { user_id: id } },
          body: { disabled },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
