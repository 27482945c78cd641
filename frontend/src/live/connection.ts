import type { SocketState } from "./store";

export type Connection = "live" | "connecting" | "reconnecting" | "stale" | "off";

export const HEARTBEAT_MS = 5000;
/** Two missed heartbeats; one that is on its way over an open socket may be a little late. */
export const STALE_MS = 2 * HEARTBEAT_MS + 500;
export const CUT_STALE_MS = 2 * HEARTBEAT_MS;

/** How fresh the connection is: silent for two heartbeats is stale, whatever the socket does. */
export function connectionOf(
  socket: SocketState,
  silentSince: number | null,
  now: number,
): Connection {
  if (socket === "off") return "off";
  const allowed = socket === "open" ? STALE_MS : CUT_STALE_MS;
  if (silentSince !== null && now - silentSince > allowed) return "stale";
  return socket === "open" ? "live" : socket;
}

/** The same for what is read from the server again and again: `readAt` is when it last was. */
export function readingOf(connection: Connection, readAt: number, now: number): Connection {
  return readAt > 0 && now - readAt > STALE_MS ? "stale" : connection;
}
