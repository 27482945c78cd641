import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { merge } from "@/live/merge";
import { useLive } from "@/live/store";

/** What came live is kept for a while only: at so many points it is read from the server. */
const MOST_AHEAD = 200;

const timeOf = (point: Schema<"EquityPointView">): string => String(Date.parse(point.at));

/** The desk's equity over time, ascending, with the points that the socket brought. */
export function useEquity() {
  const query = useQuery({
    queryKey: ["equity"],
    queryFn: () => unwrap(api.GET("/api/v1/equity")),
  });
  const live = useLive((state) => state.equity);
  const points = useMemo(
    () =>
      merge(query.data?.points, live, timeOf).sort(
        (left, right) => Date.parse(left.at) - Date.parse(right.at),
      ),
    [query.data, live],
  );
  const told = Date.parse(query.data?.points.at(-1)?.at ?? "") || 0;
  const full = live.filter(({ at }) => Date.parse(at) > told).length >= MOST_AHEAD;
  const { refetch } = query;
  useEffect(() => {
    if (full) void refetch();
  }, [full, refetch]);
  return { query, points };
}
