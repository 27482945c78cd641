import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { startLive } from "./startLive";
import { useLive } from "./store";

/** Holds the live socket while mounted, and reads the server's state again where a replay could not help. */
export function useLiveConnection(): void {
  const client = useQueryClient();
  useEffect(startLive, []);
  useEffect(
    () =>
      useLive.subscribe((state, before) => {
        if (state.reloads !== before.reloads) void client.invalidateQueries();
      }),
    [client],
  );
}
