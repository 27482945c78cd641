import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { useLive } from "@/live/store";
import { joinPositions } from "./joinPositions";

/** What the desk holds, the socket's word over the server's. */
export function usePositions() {
  const query = useQuery({
    queryKey: ["positions"],
    queryFn: () => unwrap(api.GET("/api/v1/positions")),
  });
  const live = useLive((state) => state.positions);
  const positions = useMemo(() => joinPositions(query.data, live), [query.data, live]);
  return { query, positions };
}
