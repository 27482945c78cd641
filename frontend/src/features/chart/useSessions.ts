import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import type { MarketSession } from "./sessionRuns";

const NONE: readonly MarketSession[] = [];
/** Fast clocks leave the two weeks behind that are known ahead. */
const READ_AGAIN_MS = 5 * 60_000;

/** The exchange's sessions from a day (`2012-10-01`) until two weeks after the market's now. */
export function useSessions(
  calendar: string | undefined,
  from: string | undefined,
): readonly MarketSession[] {
  const { data } = useQuery({
    queryKey: ["market-sessions", calendar, from],
    queryFn: () => {
      const query = { calendar: calendar ?? "", from: from ?? "" };
      return unwrap(api.GET("/api/v1/market/sessions", { params: { query } }));
    },
    enabled: calendar !== undefined && from !== undefined,
    staleTime: READ_AGAIN_MS,
    refetchInterval: READ_AGAIN_MS,
  });
  return useMemo(
    () =>
      data?.sessions.map(({ opens, closes, break_starts, break_ends }) => ({
        opens: seconds(opens),
        closes: seconds(closes),
        breaks: break_starts && break_ends ? [seconds(break_starts), seconds(break_ends)] : null,
      })) ?? NONE,
    [data],
  );
}

const seconds = (instant: string): number => Date.parse(instant) / 1000;
