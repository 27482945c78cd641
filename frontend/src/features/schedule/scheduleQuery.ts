import { queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** The plans of all pools, 72 h ahead from market time now. */
export const scheduleQuery = queryOptions({
  queryKey: ["schedule"],
  queryFn: () => unwrap(api.GET("/api/v1/schedule")),
  refetchInterval: 5000,
});
