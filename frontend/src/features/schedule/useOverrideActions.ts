import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

/** Preview, set and end overrides; plan, pods and list are read again after each change. */
export function useOverrideActions() {
  const client = useQueryClient();
  const onSettled = () =>
    Promise.all(
      [["schedule"], ["overrides"], ["pods"]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const preview = useMutation({
    mutationFn: (body: Schema<"OverrideBody">) =>
      unwrap(api.POST("/api/v1/schedule/preview", { body })),
  });
  const set = useMutation({
    mutationFn: (body: Schema<"OverrideBody">) => unwrap(api.POST("/api/v1/overrides", { body })),
    onSettled,
  });
  const end = useMutation({
    mutationFn: (override_id: string) =>
      unwrap(api.DELETE("/api/v1/overrides/{override_id}", { params: { path: { override_id } } })),
    onSettled,
  });
  return { preview, set, end };
}
