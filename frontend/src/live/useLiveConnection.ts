import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { startLive } from "./startLive";
import { useLive } from "./store";

/**
 * Holds the live socket while mounted, and reads again from the server, after every break, what no
 * replay brings: bars, and all that is not streamed.
 */
export function useLiveConnection(): void {
  const client = useQueryClient();
  useEffect(startLive, []);
  useEffect(
    () =>
      useLive.subscribe((state, before) => {
        const back = state.socket === "open" && before.socket === "reconnecting";
        if (back || state.reloads !== before.reloads) void client.invalidateQueries();
      }),
    [client],
  );
}
