import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { usePages } from "@/api/usePages";

const AT_ONCE = 50;

/** A desk's signals on record, newest first, page by page; of one instrument or of all. */
export function useSignalPages(instrument: string | undefined, desk: string | undefined) {
  const which = { ...(instrument ? { instrument } : {}), ...(desk ? { desk } : {}) };
  return usePages(["signals", "pages", instrument ?? "all", desk ?? "own"], (next) =>
    unwrap(
      api.GET("/api/v1/signals", { params: { query: { limit: AT_ONCE, ...which, ...next } } }),
    ),
  );
}
