export type XY = { x: number; y: number };
export type Domain = { left: number; right: number; low: number; high: number };

/** What a drawing of these points covers, with `include` on the y axis; null under two points. */
export function domainOf(points: readonly XY[], include: readonly number[] = []): Domain | null {
  if (points.length < 2) return null;
  const xs = points.map((point) => point.x);
  const ys = [...points.map((point) => point.y), ...include];
  const [left, right, low, high] = [
    Math.min(...xs),
    Math.max(...xs),
    Math.min(...ys),
    Math.max(...ys),
  ];
  return right > left ? { left, right, low, high } : null;
}

/** A line in a 100 × 100 box, y downwards, with 4 % of room above and below. */
export function linePath(points: readonly XY[], domain: Domain): string {
  return points
    .map((point, index) => `${index ? "L" : "M"}${xIn(point.x, domain)} ${yIn(point.y, domain)}`)
    .join("");
}

export function xIn(x: number, { left, right }: Domain): number {
  return round(((x - left) / (right - left)) * 100);
}

export function yIn(y: number, { low, high }: Domain): number {
  return round(96 - ((y - low) / (high - low || 1)) * 92);
}

const round = (value: number): number => Math.round(value * 100) / 100;
