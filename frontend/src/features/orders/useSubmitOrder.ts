import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { uuid } from "@/lib/uuid";
import { unanswered } from "./unanswered";

/**
 * Submits an order by hand. A denial comes as a Problem whose code is the reason; it stays on record.
 * The same order sent again after its answer was lost is that order: it keeps its id until an answer.
 */
export function useSubmitOrder() {
  const client = useQueryClient();
  const sent = useRef<{ terms: string; id: string } | null>(null);
  return useMutation({
    mutationFn: (body: Schema<"OrderRequest">) => {
      const terms = JSON.stringify(body);
      if (sent.current?.terms !== terms) sent.current = { terms, id: uuid() };
      const client_order_id = sent.current.id;
      return unwrap(api.POST("/api/v1/orders", { body: { ...body, client_order_id } }));
    },
    onSettled: (_order, error) => {
      if (!error || !unanswered(error)) sent.current = null;
      return client.invalidateQueries({ queryKey: ["orders"] });
    },
  });
}
