/** What of the desk page stands in the address: the chart's instrument and bar interval. */
export type DeskSearch = { instrument?: string; interval?: string };

export function deskSearch(search: Record<string, unknown>): DeskSearch {
  const { instrument, interval } = search;
  return {
    ...(typeof instrument === "string" ? { instrument } : {}),
    ...(typeof interval === "string" ? { interval } : {}),
  };
}
