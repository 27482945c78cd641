import type { Frame } from "@/live/frame";

/** Frames for tests: a fill with its place in the desk's stream. */
export function fillFrame(seq: string, prev: string | null, id = seq, epoch = "e1"): Frame {
  return {
    v: 1,
    kind: "fill",
    desk: "desk",
    seq,
    prev,
    epoch,
    ts_source: "2012-10-15T19:30:00Z",
    ts_sent: 1000,
    clock: null,
    data: {
      id,
      order: "order",
      instrument: "XNYS:IBM",
      side: "buy",
      quantity: "10",
      price: "200.10",
      fee: "0.20",
      realised: "0",
      at: "2012-10-15T19:30:00Z",
    },
  };
}

export function heartbeat(seq: string | null, epoch = "e1"): Frame {
  return {
    v: 1,
    kind: "heartbeat",
    desk: "desk",
    seq,
    prev: null,
    epoch,
    ts_source: null,
    ts_sent: 1000,
    clock: { market: "2012-10-15T19:00:00Z", wall: 1000, speed: 600 },
    data: { queued: 0 },
  };
}

export function snapshot(seq: string, recovered: boolean | null, epoch = "e1"): Frame {
  return {
    v: 1,
    kind: "snapshot",
    desk: "desk",
    seq,
    prev: null,
    epoch,
    ts_source: null,
    ts_sent: 1000,
    clock: null,
    data: {
      desk: null,
      phase: null,
      pod: null,
      instruments: [],
      intervals: [],
      recovered,
      replayed: 0,
    },
  };
}
