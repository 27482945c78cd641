type Agent = { name: string; pss_bytes: number; rss_bytes: number };

export type Held = { name: string; bytes: number };

/** What agents hold, by name in the order of first sight: shared pages by their shares. */
export function memoryByAgent(agents: readonly Agent[]): Held[] {
  const held = new Map<string, number>();
  for (const agent of agents) {
    const bytes = agent.pss_bytes || agent.rss_bytes;
    held.set(agent.name, (held.get(agent.name) ?? 0) + bytes);
  }
  return [...held].map(([name, bytes]) => ({ name, bytes }));
}
