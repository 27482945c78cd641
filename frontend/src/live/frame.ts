import type { components } from "@/api/schema";

type Schemas = components["schemas"];

/** A frame of the live socket, in the words of the API's description. */
export type Frame =
  | Schemas["SnapshotFrame"]
  | Schemas["TickFrame"]
  | Schemas["BarFrame"]
  | Schemas["SignalFrame"]
  | Schemas["OrderFrame"]
  | Schemas["FillFrame"]
  | Schemas["PositionFrame"]
  | Schemas["EquityFrame"]
  | Schemas["PhaseFrame"]
  | Schemas["PodFrame"]
  | Schemas["NoticeFrame"]
  | Schemas["HeartbeatFrame"];

export type FrameKind = Frame["kind"];
