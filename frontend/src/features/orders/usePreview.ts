import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

const SETTLE_MS = 300;
const AGAIN_MS = 5000;

/** What the risk check says of an order that is being written; asked once the typing has settled. */
export function usePreview(order: Schema<"OrderRequest"> | null) {
  const settled = useSettled(order === null ? null : JSON.stringify(order));
  return useQuery({
    queryKey: ["order-preview", settled],
    enabled: settled !== null && order !== null,
    queryFn: () =>
      unwrap(
        api.POST("/api/v1/orders/preview", {
          body: JSON.parse(settled ?? "{}") as Schema<"OrderRequest">,
        }),
      ),
    staleTime: 0,
    refetchInterval: AGAIN_MS,
    retry: false,
  });
}

/** A value once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
