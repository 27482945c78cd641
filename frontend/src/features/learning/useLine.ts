import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** One line with its settings and the policies of its lineage, newest first. */
export function useLine(line: string) {
  return useQuery({
    queryKey: ["line", line],
    queryFn: () => unwrap(api.GET("/api/v1/policies/lines/{line}", { params: { path: { line } } })),
    refetchInterval: 5000,
  });
}
