import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

export type Rated = Schema<"FeedbackRequest">;

/** Rates an answer, or with null takes the rating back; the conversation is read again. */
export function useRating(message: string) {
  const client = useQueryClient();
  const params = { path: { message_id: message } };
  return useMutation({
    mutationFn: async (rated: Rated | null) => {
      const path = "/api/v1/messages/{message_id}/feedback" as const;
      if (rated) await unwrap(api.POST(path, { params, body: rated }));
      else await unwrap(api.DELETE(path, { params }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["messages"] }),
  });
}
