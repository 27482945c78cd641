import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { useLive } from "@/live/store";
import { joinPositions } from "./joinPositions";
import { newestOf } from "./newestOf";
import { useLastPrices } from "./useLastPrices";
import { valuePosition } from "./valuePosition";

/** What the desk holds, the socket's word over the server's, at the market's last prices; and as of when. */
export function usePositions() {
  const query = useQuery({
    queryKey: ["positions"],
    queryFn: () => unwrap(api.GET("/api/v1/positions")),
  });
  const live = useLive((state) => state.positions);
  const stamp = useLive((state) => state.stamps.position ?? state.desk?.as_of);
  const held = useMemo(() => joinPositions(query.data, live), [query.data, live]);
  const prices = useLastPrices(held.map((each) => each.instrument));
  const positions = held.map((each) => valuePosition(each, prices[each.instrument]));
  const asOf = newestOf(Object.values(prices).map((last) => last.at)) ?? stamp;
  return { query, positions, asOf };
}
