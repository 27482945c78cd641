import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

const KEY = ["conditions"];

/** What has held desks of the organisation, newest first; and how one is ended by hand. */
export function useConditions() {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: () => unwrap(api.GET("/api/v1/conditions", { params: { query: { limit: 30 } } })),
    refetchInterval: 5000,
  });
  const end = useMutation({
    mutationFn: (condition_id: string) =>
      unwrap(
        api.DELETE("/api/v1/conditions/{condition_id}", { params: { path: { condition_id } } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  return { query, end };
}
