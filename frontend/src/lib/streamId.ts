/** Compares two Redis stream ids (`ms-n`): negative, 0 or positive. */
export function compareStreamIds(left: string, right: string): number {
  const [leftMs = 0, leftN = 0] = left.split("-").map(Number);
  const [rightMs = 0, rightN = 0] = right.split("-").map(Number);
  return leftMs - rightMs || leftN - rightN;
}
