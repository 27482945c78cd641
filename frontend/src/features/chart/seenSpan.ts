import type { Span } from "@/lib/screen";

type Range = { from: number; to: number };

/** A stretch of market time: from the start of its first bar to the end of its last, in seconds. */
export function seenSpan({ from, to }: Range, seconds: number): Span {
  const instant = (time: number): string => new Date(time * 1000).toISOString();
  return { since: instant(from), until: instant(to + seconds) };
}
