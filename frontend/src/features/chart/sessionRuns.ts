/** Unix seconds; a lunch break counts as closed. */
export type MarketSession = { opens: number; closes: number; breaks: [number, number] | null };

/** Neighbouring bars, by their places in the chart, that look alike: `last` is the last of them. */
export type Run = { first: number; last: number; look: "other" | "closed" };

const DAY_SECONDS = 86_400;

/**
 * What is shaded behind the bars: every other market session, so that neighbours are told apart, and
 * bars of the hours in which the exchange is closed (before the opening, after the close, at lunch).
 * Bars of a day are sessions themselves. A bar that the sessions do not reach is not shaded.
 */
export function sessionRuns(
  bars: readonly { from: number }[],
  seconds: number,
  sessions: readonly MarketSession[],
): Run[] {
  const known = { from: sessions[0]?.opens ?? 0, to: sessions.at(-1)?.closes ?? 0 };
  if (seconds >= DAY_SECONDS) return [];
  const runs: Run[] = [];
  let session = 0;
  let before = "";
  bars.forEach(({ from }, index) => {
    while (session < sessions.length - 1 && from >= (sessions[session]?.closes ?? 0)) session++;
    const open = isOpen(sessions[session], from);
    const look = open ? (session % 2 ? "other" : null) : "closed";
    const name = open ? String(session) : "closed";
    const reached = from >= known.from && from < known.to;
    const run = runs.at(-1);
    if (look && reached) {
      if (run && name === before && run.last === index - 1) run.last = index;
      else runs.push({ first: index, last: index, look });
    }
    before = name;
  });
  return runs;
}

function isOpen(session: MarketSession | undefined, at: number): boolean {
  if (!session || at < session.opens || at >= session.closes) return false;
  return !session.breaks || at < session.breaks[0] || at >= session.breaks[1];
}
