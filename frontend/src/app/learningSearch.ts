/** What of the learning page stands in the address: line, night and the curves' metric. */
export type LearningSearch = { line?: string; night?: string; metric?: string };

export function learningSearch(search: Record<string, unknown>): LearningSearch {
  const found: LearningSearch = {};
  for (const name of ["line", "night", "metric"] as const) {
    const value = search[name];
    if (typeof value === "string" && value) found[name] = value;
  }
  return found;
}
