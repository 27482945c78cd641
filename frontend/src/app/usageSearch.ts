/** What of the usage stands in the address: its days, both included. */
export type UsageSearch = { since?: string; until?: string };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  const { since, until } = search;
  return { ...(isDay(since) ? { since } : {}), ...(isDay(until) ? { until } : {}) };
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value);
}
