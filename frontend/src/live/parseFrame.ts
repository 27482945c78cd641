import type { Frame } from "./frame";

const EMPTY = { ts_source: null, ts_sent: 0, seq: null, prev: null, epoch: null, clock: null };

/** The frame in a message; null for what is none, which is then left alone. */
export function parseFrame(text: string): Frame | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("kind" in value)) return null;
    if (!("data" in value) || typeof value.data !== "object" || value.data === null) return null;
    return { ...EMPTY, ...value } as Frame;
  } catch {
    return null;
  }
}
