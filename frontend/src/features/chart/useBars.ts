import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import type { ChartInterval } from "./interval";

/** The latest bars of an instrument. What follows comes over the live socket. */
export function useBars(instrument: string, interval: ChartInterval) {
  return useQuery({
    queryKey: ["bars", instrument, interval],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/market/bars", { params: { query: { instrument, interval, limit: 600 } } }),
      ),
    staleTime: 0,
  });
}
