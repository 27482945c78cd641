import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { merge } from "@/live/merge";
import { useLive } from "@/live/store";

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
  return { query, points };
}
