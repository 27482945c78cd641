import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { startLive } from "./startLive";
import { useLive } from "./store";

/**
 * Holds the live socket while mounted, and reads again from the server what a replay cannot bring:
 * bars after every break, and everything where the desk's stream was lost.
 */
export function useLiveConnection(): void {
  const client = useQueryClient();
  useEffect(startLive, []);
  useEffect(
    () =>
      useLive.subscribe((state, before) => {
        const back = state.socket === "open" && before.socket === "reconnecting";
        if (state.reloads !== before.reloads) void client.invalidateQueries();
        else if (back) void client.invalidateQueries({ queryKey: ["bars"] });
      }),
    [client],
  );
}
