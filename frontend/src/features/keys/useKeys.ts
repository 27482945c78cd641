import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { usePages } from "@/api/usePages";

const KEY = ["keys"];

/** A desk's keys, newest first; without one the caller's own desk. */
export function useKeys(desk: string | undefined) {
  const its = desk ? { desk } : {};
  return usePages([...KEY, desk ?? null], (next) =>
    unwrap(api.GET("/api/v1/desk/keys", { params: { query: { ...its, ...next } } })),
  );
}

/** Makes a key of one's own desk; its text is in this answer and nowhere else. */
export function useMakeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<"NewKey">) => unwrap(api.POST("/api/v1/desk/keys", { body })),
    // Once it was shown, the page forgets it as well.
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useRevokeKey(desk: string | undefined) {
  const client = useQueryClient();
  const query = desk ? { desk } : {};
  return useMutation({
    mutationFn: (key_id: string) =>
      unwrap(api.DELETE("/api/v1/desk/keys/{key_id}", { params: { path: { key_id }, query } })),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
