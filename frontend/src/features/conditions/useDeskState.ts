import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

/** Whether the desk is active, reducing or halted, and why. */
export function useDeskState() {
  return useQuery({
    queryKey: ["desk", "state"],
    queryFn: () => unwrap(api.GET("/api/v1/desk/state")),
    refetchInterval: 5000,
  });
}
