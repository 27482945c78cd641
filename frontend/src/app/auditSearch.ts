/** What of the audit stands in the address: whose changes are shown. */
export type AuditSearch = { subject?: string };

export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const { subject } = search;
  return typeof subject === "string" && subject ? { subject } : {};
}
