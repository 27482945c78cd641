import type { Schema } from "@/api/types";

export type Lane = { name: string; pool: string; segments: Schema<"SegmentView">[] };

/** A lane for each pool, and one for each pod that has a plan of its own. */
export function lanesOf(plans: readonly Schema<"PlanView">[]): Lane[] {
  return plans.flatMap((plan) => [
    { name: plan.pool, pool: plan.pool, segments: plan.segments },
    ...Object.entries(plan.exceptions).map(([pod, segments]) => ({
      name: pod,
      pool: plan.pool,
      segments,
    })),
  ]);
}
