import { create } from "zustand";
import type { Anchor } from "@/lib/clock";
import type { Frame, FrameKind } from "./frame";
import { reduceFrame } from "./reduceFrame";
import { type Cursor, type Judgement, judge, nextCursor } from "./sequence";
import { nextSkew } from "./skew";
import type * as wire from "./wire";

export type SocketState = "off" | "connecting" | "open" | "reconnecting";

export type LiveState = {
  socket: SocketState;
  /** When the last frame came, in wall ms; before the first, since when one is waited for. */
  silentSince: number | null;
  anchor: Anchor | null;
  skew: number | null;
  cursor: Cursor | null;
  /** Rises whenever something was lost that cannot be replayed: the server's state is read again. */
  reloads: number;
  stamps: Partial<Record<FrameKind, string>>;
  desk: wire.LiveDesk | null;
  phase: wire.LivePhase | null;
  pod: wire.LivePod | null;
  decisions: wire.LiveDecision[];
  orders: wire.LiveOrder[];
  fills: wire.LiveFill[];
  positions: Record<string, wire.LivePosition>;
  equity: wire.LiveEquity[];
  notices: wire.LiveNotice[];
};

export const EMPTY: LiveState = {
  socket: "off",
  silentSince: null,
  anchor: null,
  skew: null,
  cursor: null,
  reloads: 0,
  stamps: {},
  desk: null,
  phase: null,
  pod: null,
  decisions: [],
  orders: [],
  fills: [],
  positions: {},
  equity: [],
  notices: [],
};

/** What the live socket brought. Server state stays with react-query; these are the rows since. */
export const useLive = create<LiveState>()(() => EMPTY);

/** Takes a frame, unless it was seen before or one before it is missing. */
export function takeFrame(frame: Frame, receivedMs: number): Judgement {
  const state = useLive.getState();
  const judgement = judge(state.cursor, frame);
  useLive.setState({
    silentSince: receivedMs,
    anchor: frame.clock ?? state.anchor,
    skew: nextSkew(state.skew, receivedMs, frame.ts_sent),
    ...(judgement === "take" ? taken(state, frame) : {}),
    ...(judgement === "other-epoch" ? forgotten(state) : {}),
  });
  return judgement;
}

function taken(state: LiveState, frame: Frame): Partial<LiveState> {
  const lost = frame.kind === "snapshot" && frame.data.recovered === false;
  const stamp = frame.ts_source;
  return {
    ...(lost ? forgotten(state) : {}),
    ...reduceFrame(state, frame),
    ...(stamp ? { stamps: { ...state.stamps, [frame.kind]: stamp } } : {}),
    cursor: nextCursor(state.cursor, frame),
  };
}

/** Drops what was streamed and asks for a reload from the server. */
export function forget(): void {
  useLive.setState({ ...EMPTY, reloads: useLive.getState().reloads + 1 });
}

function forgotten(state: LiveState): Partial<LiveState> {
  const { decisions, orders, fills, equity } = EMPTY;
  return { decisions, orders, fills, equity, cursor: null, reloads: state.reloads + 1 };
}
