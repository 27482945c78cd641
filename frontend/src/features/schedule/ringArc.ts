/** The path of an arc on a clock-wise ring that begins at the top: shares of the whole turn. */
export function ringArc(from: number, size: number, radius: number, centre: number): string {
  if (size >= 0.9999) {
    return `${ringArc(from, 0.5, radius, centre)}${ringArc(from + 0.5, 0.4999, radius, centre)}`;
  }
  const [startX, startY] = ringPoint(from, radius, centre);
  const [endX, endY] = ringPoint(from + size, radius, centre);
  return `M${startX} ${startY}A${radius} ${radius} 0 ${size > 0.5 ? 1 : 0} 1 ${endX} ${endY}`;
}

/** A point of the ring, at a share of the turn. */
export function ringPoint(share: number, radius: number, centre: number): [number, number] {
  const angle = share * 2 * Math.PI;
  const round = (value: number): number => Math.round(value * 100) / 100;
  return [round(centre + radius * Math.sin(angle)), round(centre - radius * Math.cos(angle))];
}
