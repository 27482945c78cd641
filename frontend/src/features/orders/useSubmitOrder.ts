import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

/** Submits an order by hand. A denial comes as a Problem whose code is the reason; it stays on record. */
export function useSubmitOrder() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"OrderRequest">) => unwrap(api.POST("/api/v1/orders", { body })),
    onSettled: () => client.invalidateQueries({ queryKey: ["orders"] }),
  });
}
