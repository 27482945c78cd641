import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { merge } from "@/live/merge";
import { useLive } from "@/live/store";

const idOf = (fill: Schema<"FillView">): string => fill.id;

/** The desk's latest fills, newest first, those of the socket over those of the server. */
export function useFills() {
  const query = useQuery({
    queryKey: ["fills"],
    queryFn: () => unwrap(api.GET("/api/v1/fills", { params: { query: { limit: 100 } } })),
  });
  const live = useLive((state) => state.fills);
  const fills = useMemo(
    () =>
      merge(query.data?.items, live, idOf).sort(
        (left, right) => Date.parse(right.at) - Date.parse(left.at),
      ),
    [query.data, live],
  );
  return { query, fills };
}
