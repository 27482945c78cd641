import type { SocketState } from "./store";

export type Connection = "live" | "connecting" | "reconnecting" | "stale" | "off";

export const HEARTBEAT_MS = 5000;
/** Two missed heartbeats. */
export const STALE_MS = 2 * HEARTBEAT_MS + 500;

/** How fresh the connection is: open, but silent for two heartbeats, is stale. */
export function connectionOf(
  socket: SocketState,
  lastFrameAt: number | null,
  now: number,
): Connection {
  if (socket !== "open") return socket;
  return lastFrameAt !== null && now - lastFrameAt > STALE_MS ? "stale" : "live";
}
