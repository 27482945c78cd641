import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { type BenchmarkPoint, heldEqually } from "./benchmark";

const HOURLY = "1h";
const LIMIT = 1000;

/** What equal weights of the desk's instruments, held, would be worth at the desk's valuations. */
export function useBenchmark(
  instruments: readonly string[],
  points: readonly Schema<"EquityPointView">[],
  cash: number,
): BenchmarkPoint[] {
  const from = points[0]?.at;
  const queries = useQueries({
    queries: instruments.map((instrument) => ({
      queryKey: ["benchmark", instrument, from],
      enabled: from !== undefined,
      queryFn: () =>
        unwrap(
          api.GET("/api/v1/market/bars", {
            params: {
              query: {
                instrument,
                interval: HOURLY,
                limit: LIMIT,
                ...(from ? { from: before(from) } : {}),
              },
            },
          }),
        ),
      refetchInterval: 30_000,
    })),
    combine: (results) => results.map((result) => result.data?.bars ?? []),
  });
  const instants = useMemo(() => points.map((point) => Date.parse(point.at)), [points]);
  return useMemo(() => heldEqually(cash, queries, instants), [cash, queries, instants]);
}

/** Early enough that a bar has ended before the first valuation: over a long weekend. */
function before(from: string): string {
  return new Date(Date.parse(from) - 5 * 86_400_000).toISOString();
}
