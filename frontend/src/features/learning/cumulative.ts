type Session = { day: string; growth: number; against: number };

export type Standing = { day: string; policy: number; against: number };

/** Sessions' log growths summed up, as total returns (0.01 is 1 %), from nothing on. */
export function cumulative(sessions: readonly Session[]): Standing[] {
  let policy = 0;
  let against = 0;
  return sessions.map((session) => {
    policy += session.growth;
    against += session.against;
    return { day: session.day, policy: Math.expm1(policy), against: Math.expm1(against) };
  });
}
