import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";

export type Instructions = Schema<"AllInstructions">;

const PAGE = 200;

/** The newest versions, and which answers whom. */
export function useInstructions() {
  return useQuery({
    queryKey: ["instructions"],
    queryFn: () => unwrap(api.GET("/api/v1/instructions", { params: { query: { limit: PAGE } } })),
    refetchInterval: 5000,
  });
}
