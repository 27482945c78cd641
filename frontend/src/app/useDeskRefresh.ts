import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { throttle } from "@/lib/throttle";
import { useLive } from "@/live/store";

const SPAN_MS = 1000;

/** Reads the desk again after fills, once a second at most: fees and cash change with them. */
export function useDeskRefresh(): void {
  const client = useQueryClient();
  useEffect(() => {
    const read = throttle(() => void client.invalidateQueries({ queryKey: ["desk"] }), SPAN_MS);
    const leave = useLive.subscribe((state, before) => {
      if (state.fills !== before.fills && state.fills.length > 0) read.call();
    });
    return () => {
      leave();
      read.stop();
    };
  }, [client]);
}
