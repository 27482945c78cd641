import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** A verdict's tear sheet; it never changes, but where its challenger stands does. */
export function useSheet(verdict_id: string) {
  return useQuery({
    queryKey: ["verdict-sheet", verdict_id],
    queryFn: () =>
      unwrap(api.GET("/api/v1/verdicts/{verdict_id}/sheet", { params: { path: { verdict_id } } })),
  });
}
