import type { Schema } from "@/api/types";
import type { Point } from "./smooth";

export type TrialCurve = { name: string; control: boolean; points: Point[] };

/** Each trial's way in one metric; those that never told it are left out. */
export function curvesOf(curves: readonly Schema<"CurveView">[], metric: string): TrialCurve[] {
  return curves
    .map((curve) => ({
      name: nameOf(curve),
      control: curve.control,
      points: curve.points.flatMap(({ step, metrics }) => {
        const value = metrics[metric];
        return value === undefined ? [] : [{ step, value }];
      }),
    }))
    .filter((curve) => curve.points.length > 0);
}

function nameOf(curve: Schema<"CurveView">): string {
  const fold = curve.fold === null ? "" : ` fold ${curve.fold + 1}`;
  return `${curve.control ? "control " : ""}seed ${curve.seed}${fold}`;
}
