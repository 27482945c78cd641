import { compareStreamIds } from "@/lib/streamId";
import type { Frame, FrameKind } from "./frame";

/** The last frame of the desk's durable stream that was taken. */
export type Cursor = { epoch: string; seq: string };

export type Judgement = "take" | "duplicate" | "gap" | "other-epoch";

const DURABLE: ReadonlySet<FrameKind> = new Set<FrameKind>([
  "signal",
  "order",
  "fill",
  "position",
  "equity",
  "notice",
]);

/** What to do with a frame. Only durable ones have a place in the sequence. */
export function judge(cursor: Cursor | null, frame: Frame): Judgement {
  const { seq = null, epoch = null, prev = null } = frame;
  if (seq === null || epoch === null || cursor === null) return "take";
  if (frame.kind === "heartbeat") return behind(cursor, epoch, seq) ? "gap" : "take";
  if (!DURABLE.has(frame.kind)) return "take";
  if (epoch !== cursor.epoch) return "other-epoch";
  if (compareStreamIds(seq, cursor.seq) <= 0) return "duplicate";
  return prev !== null && compareStreamIds(prev, cursor.seq) > 0 ? "gap" : "take";
}

/** A heartbeat says how far the socket has come: we missed something if that is further than we are. */
function behind(cursor: Cursor, epoch: string, seq: string): boolean {
  return epoch === cursor.epoch && compareStreamIds(seq, cursor.seq) > 0;
}

/** Where the sequence stands after a frame was taken. A snapshot sets it only where there was none. */
export function nextCursor(cursor: Cursor | null, frame: Frame): Cursor | null {
  const { seq, epoch } = frame;
  if (!seq || !epoch) return cursor;
  if (DURABLE.has(frame.kind)) return { epoch, seq };
  if (frame.kind !== "snapshot") return cursor;
  const lost = frame.data.recovered === false;
  return cursor === null || lost ? { epoch, seq } : cursor;
}
