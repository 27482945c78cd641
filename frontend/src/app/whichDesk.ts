/** Whose desk a page is about, as far as its address says: none is one's own, or the first. */
export type WhichDesk = { desk?: string };

export function whichDesk(search: Record<string, unknown>): WhichDesk {
  const { desk } = search;
  return typeof desk === "string" && desk ? { desk } : {};
}
