/** `sha256:0123456789…` for a learned policy, the whole name for a rule. */
export function shortPolicy(id: string): string {
  return id.startsWith("sha256:") ? `${id.slice(0, 17)}…` : id;
}
