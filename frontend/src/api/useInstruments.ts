import { useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { Schema } from "./types";
import { unwrap } from "./unwrap";

const NONE: readonly Schema<"InstrumentView">[] = [];
const ASK_AGAIN_MS = 5000;

/** What the feed serves; asked again until it serves something. */
export function useInstruments(): readonly Schema<"InstrumentView">[] {
  const { data } = useQuery({
    queryKey: ["instruments"],
    queryFn: () => unwrap(api.GET("/api/v1/market/instruments")),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.data?.length ? false : ASK_AGAIN_MS),
  });
  return data ?? NONE;
}
