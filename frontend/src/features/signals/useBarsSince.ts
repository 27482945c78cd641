import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

/** The instrument's bars of the signal's interval since its bar end, merged where there are many. */
export function useBarsSince({ instrument, interval, bar_end }: Schema<"SignalView">) {
  return useQuery({
    queryKey: ["bars-since", instrument, interval, bar_end],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/market/bars", {
          params: { query: { instrument, interval, from: bar_end, limit: 500 } },
        }),
      ),
    refetchInterval: 5000,
  });
}
