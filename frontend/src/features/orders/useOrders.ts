import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { merge } from "@/live/merge";
import { useLive } from "@/live/store";

const idOf = (order: Schema<"OrderView">): string => order.id;

/** The desk's latest orders, newest first, those of the socket over those of the server. */
export function useOrders() {
  const query = useQuery({
    queryKey: ["orders"],
    queryFn: () => unwrap(api.GET("/api/v1/orders", { params: { query: { limit: 100 } } })),
  });
  const live = useLive((state) => state.orders);
  const orders = useMemo(
    () =>
      merge(query.data?.items, live, idOf).sort(
        (left, right) => Date.parse(right.created_at) - Date.parse(left.created_at),
      ),
    [query.data, live],
  );
  return { query, orders };
}
