import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

/** What the chatbot has prepared, as it stands now; its person confirms or dismisses it. */
export function useIntent(id: string) {
  const client = useQueryClient();
  const path = { intent_id: id };
  const params = { params: { path } };
  const key = ["intent", id];
  const intent = useQuery({
    queryKey: key,
    queryFn: () => unwrap(api.GET("/api/v1/intents/{intent_id}", params)),
  });
  const settled = async () => {
    await client.invalidateQueries({ queryKey: key });
    for (const queryKey of [["orders"], ["desk"]]) void client.invalidateQueries({ queryKey });
  };
  const confirm = useMutation({
    mutationFn: (nonce: string) =>
      unwrap(api.POST("/api/v1/intents/{intent_id}/confirm", { ...params, body: { nonce } })),
    onSettled: settled,
  });
  const dismiss = useMutation({
    mutationFn: (): Promise<Schema<"IntentView">> =>
      unwrap(api.POST("/api/v1/intents/{intent_id}/dismiss", params)),
    onSettled: settled,
  });
  return { intent, confirm, dismiss };
}
