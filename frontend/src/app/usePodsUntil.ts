import { useQuery } from "@tanstack/react-query";
import { lanesOf } from "@/features/schedule/lanesOf";
import { nextAfter } from "@/features/schedule/nextAfter";
import { scheduleQuery } from "@/features/schedule/scheduleQuery";
import { useMarketNow } from "@/live/useMarketNow";

/** Until when a pod's phase holds, by the plan: its own, or else its pool's. */
export function usePodsUntil(): (pod: string, pool: string) => string | null {
  const schedule = useQuery(scheduleQuery);
  const { now } = useMarketNow();
  const lanes = lanesOf(schedule.data?.plans ?? []);
  return (pod, pool) => {
    const lane =
      lanes.find((each) => each.name === pod) ?? lanes.find((each) => each.pool === pool);
    return nextAfter(lane?.segments ?? [], now)?.starts ?? null;
  };
}
