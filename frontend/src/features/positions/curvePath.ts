export type Curve = {
  line: string;
  area: string;
  base: number;
  low: number;
  high: number;
};

/** A line through the values in a 100 × 100 box, y downwards, with room above and below. Null under two. */
export function curvePath(values: readonly number[], base: number): Curve | null {
  if (values.length < 2) return null;
  const low = Math.min(base, ...values);
  const high = Math.max(base, ...values);
  const span = high - low || 1;
  const y = (value: number): number => round(96 - ((value - low) / span) * 92);
  const x = (index: number): number => round((index / (values.length - 1)) * 100);
  const line = values.map((value, index) => `${index ? "L" : "M"}${x(index)} ${y(value)}`).join("");
  return { line, area: `${line}L100 100L0 100Z`, base: y(base), low, high };
}

const round = (value: number): number => Math.round(value * 100) / 100;
