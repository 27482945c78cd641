import type { Schema } from "@/api/types";
import { signOf } from "@/lib/numbers";

type Position = Schema<"PositionView">;

/** Open positions by instrument, the live ones over those of the server. */
export function joinPositions(
  stored: readonly Position[] | undefined,
  live: Readonly<Record<string, Position>>,
): Position[] {
  const all = new Map((stored ?? []).map((position) => [position.instrument, position]));
  for (const position of Object.values(live)) all.set(position.instrument, position);
  return [...all.values()]
    .filter((position) => signOf(position.quantity) !== 0)
    .sort((left, right) => left.instrument.localeCompare(right.instrument));
}
