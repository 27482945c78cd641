import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { useLive } from "@/live/store";
import { joinSignals } from "./joinSignals";

/** The desk's latest signals: stored ones, and those that the socket has just brought. */
export function useSignals() {
  const query = useQuery({
    queryKey: ["signals"],
    queryFn: () => unwrap(api.GET("/api/v1/signals", { params: { query: { limit: 100 } } })),
    refetchInterval: 5000,
  });
  const decisions = useLive((state) => state.decisions);
  const rows = useMemo(
    () => joinSignals(query.data?.items ?? [], decisions),
    [query.data, decisions],
  );
  return { query, rows };
}
