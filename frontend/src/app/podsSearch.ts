import type { PodFilter } from "@/features/pods/filterPods";

/** What of the pods' page stands in the address: which pods are shown. */
export function podsSearch(search: Record<string, unknown>): PodFilter {
  const found: PodFilter = {};
  for (const name of ["pool", "phase", "state"] as const) {
    const value = search[name];
    if (typeof value === "string" && value) found[name] = value;
  }
  return found;
}
