import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { Problem } from "@/api/problem";
import { READ_AGAIN_MS } from "@/api/readAgain";
import { unwrap } from "@/api/unwrap";
import { worthAgain } from "@/api/worthAgain";

/** How often a signal that is not on record is asked for again, and how long it waits between. */
export const RECORD_TRIES = 10;
export const RECORD_WAIT_MS = 1000;

/** A signal of the live stream can be ahead of the record by what its execution takes. */
export function notOnRecord(error: Error | null): boolean {
  return error instanceof Problem && error.code === "signal_not_found";
}

const OPEN: ReadonlySet<string> = new Set(["new", "submitted", "accepted", "partially_filled"]);

/**
 * The reasons of a signal as they were frozen when it was published; they never change. What became of
 * its order does, so that they are read again while it is open.
 */
export function useExplanation(signal: string) {
  return useQuery({
    queryKey: ["explanation", signal],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/signals/{signal_id}/explanation", {
          params: { path: { signal_id: signal } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => OPEN.has(state.data?.order?.state ?? "") && READ_AGAIN_MS,
    retry: (failures, error) =>
      notOnRecord(error) ? failures < RECORD_TRIES : worthAgain(failures, error),
    retryDelay: RECORD_WAIT_MS,
  });
}
