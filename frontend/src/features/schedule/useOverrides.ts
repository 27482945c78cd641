import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** The overrides that hold or will. */
export function useOverrides() {
  return useQuery({
    queryKey: ["overrides"],
    queryFn: () => unwrap(api.GET("/api/v1/overrides")),
    refetchInterval: 5000,
  });
}
