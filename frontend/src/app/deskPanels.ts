/** The desk's panels in their own order. The ticket with the kill switch is never put away. */
export const PANELS = [
  "verdict",
  "chart",
  "ticket",
  "signals",
  "equity",
  "positions",
  "orders",
  "fills",
] as const;

export type PanelId = (typeof PANELS)[number];

export const ALWAYS: ReadonlySet<PanelId> = new Set<PanelId>(["ticket"]);

/**
 * All panels in the order that a person put them into. Those that the saved order does not name keep
 * their place behind the one before them; names that are no panel fall away.
 */
export function ordered(saved: readonly string[]): PanelId[] {
  const order = PANELS.filter((id) => saved.includes(id)).sort(
    (left, right) => saved.indexOf(left) - saved.indexOf(right),
  );
  for (const [index, id] of PANELS.entries()) {
    if (order.includes(id)) continue;
    const before = PANELS[index - 1];
    order.splice(before ? order.indexOf(before) + 1 : 0, 0, id);
  }
  return order;
}

/** Those of them that are shown. */
export function shown(saved: readonly string[], hidden: readonly string[]): PanelId[] {
  return ordered(saved).filter((id) => ALWAYS.has(id) || !hidden.includes(id));
}

/** The order with a panel moved by so many places, within its bounds. */
export function moved(saved: readonly string[], id: PanelId, by: number): PanelId[] {
  const order = ordered(saved);
  const from = order.indexOf(id);
  const to = Math.min(order.length - 1, Math.max(0, from + by));
  order.splice(from, 1);
  order.splice(to, 0, id);
  return order;
}
