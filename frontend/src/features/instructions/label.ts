/** The labels that say which version answers whom, most general first. */
export const LABELS = ["production", "canary", "tenant"] as const;

export type Label = (typeof LABELS)[number];

/** The labels of a version. */
export function labelsAt(labels: Readonly<Record<string, number>>, version: number): Label[] {
  return LABELS.filter((label) => labels[label] === version);
}
