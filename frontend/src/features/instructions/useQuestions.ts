import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

const KEY = ["saved-questions"];

/** The organisation's saved questions, and what changes them. */
export function useQuestions() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: KEY });
  const query = useQuery({
    queryKey: KEY,
    queryFn: () =>
      unwrap(api.GET("/api/v1/instructions/questions", { params: { query: { limit: 200 } } })),
  });
  const add = useMutation({
    mutationFn: (text: string) =>
      unwrap(api.POST("/api/v1/instructions/questions", { body: { text } })),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ id, text }: { id: string; text: string }) =>
      unwrap(
        api.PUT("/api/v1/instructions/questions/{question_id}", {
          params: { path: { question_id: id } },
          body: { text },
        }),
      ),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      unwrap(
        api.DELETE("/api/v1/instructions/questions/{question_id}", {
          params: { path: { question_id: id } },
        }),
      ),
    onSettled,
  });
  return { query, add, change, remove };
}
