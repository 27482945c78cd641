import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { worthAgain } from "@/api/worthAgain";
import { notOnRecord, RECORD_TRIES, RECORD_WAIT_MS } from "./useExplanation";

/** One signal on record, waited for while it is ahead of it. */
export function useSignal(signal_id: string) {
  return useQuery({
    queryKey: ["signal", signal_id],
    queryFn: () =>
      unwrap(api.GET("/api/v1/signals/{signal_id}", { params: { path: { signal_id } } })),
    retry: (failures, error) =>
      notOnRecord(error) ? failures < RECORD_TRIES : worthAgain(failures, error),
    retryDelay: RECORD_WAIT_MS,
  });
}
