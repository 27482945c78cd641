import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { allPages } from "@/api/allPages";
import { api } from "@/api/client";
import { READ_AGAIN_MS } from "@/api/readAgain";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { usePages } from "@/api/usePages";

const KEY = ["budgets"];

/** What binds the caller and the organisation, and what is spent of it. */
export function useOwnBudget() {
  return useQuery({
    queryKey: [...KEY, "own"],
    queryFn: () => unwrap(api.GET("/api/v1/budget")),
    refetchInterval: READ_AGAIN_MS,
  });
}

/** All limits that were set, by whom they bind. */
export function useBudgets() {
  return useQuery({
    queryKey: [...KEY, "set"],
    queryFn: readAll,
    refetchInterval: READ_AGAIN_MS,
  });
}

async function readAll(): Promise<Map<string, Limits>> {
  const all = await allPages((query) => unwrap(api.GET("/api/v1/budgets", { params: { query } })));
  return new Map(all.map((budget) => [budget.subject, budget]));
}

/** Every user by login, with what binds them and what they have spent. */
export function usePeopleBudgets() {
  return usePages([...KEY, "people"], (query) =>
    unwrap(api.GET("/api/v1/budgets/people", { params: { query } })),
  );
}

export type Limits = Schema<"BudgetChange">;

/** Sets the limits of a subject: `organisation`, `everyone`, or a user's id; null takes them away. */
export function useSetBudget(subject: string) {
  const client = useQueryClient();
  const params = { path: { subject } };
  return useMutation({
    mutationFn: async (limits: Limits | null) => {
      if (limits === null) await unwrap(api.DELETE("/api/v1/budgets/{subject}", { params }));
      else await unwrap(api.PUT("/api/v1/budgets/{subject}", { params, body: limits }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
