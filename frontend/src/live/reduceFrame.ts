import type { Frame } from "./frame";
import type { LiveState } from "./store";
import { upsert } from "./upsert";
import type { LiveDesk, LivePosition } from "./wire";

/** What a frame changes in the store. Bars and ticks go to the chart and change nothing here. */
export function reduceFrame(state: LiveState, frame: Frame): Partial<LiveState> {
  switch (frame.kind) {
    case "snapshot": {
      const { desk, phase, pod } = frame.data;
      return { desk, phase, pod, positions: desk ? byInstrument(desk) : state.positions };
    }
    case "signal":
      return { decisions: upsert(state.decisions, frame.data, (row) => row.bar_end) };
    case "order":
      return { orders: upsert(state.orders, frame.data, (row) => row.id) };
    case "fill":
      return { fills: upsert(state.fills, frame.data, (row) => row.id) };
    case "position":
      return { positions: { ...state.positions, [frame.data.instrument]: frame.data } };
    case "equity":
      return { equity: upsert(state.equity, frame.data, (row) => row.at) };
    case "notice":
      return { notices: [frame.data, ...state.notices].slice(0, 20) };
    case "phase":
      return { phase: frame.data };
    case "pod":
      return { pod: frame.data };
    default:
      return {};
  }
}

function byInstrument(desk: LiveDesk): Record<string, LivePosition> {
  return Object.fromEntries(desk.positions.map((position) => [position.instrument, position]));
}
