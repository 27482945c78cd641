import type { components } from "@/api/schema";

/** What frames carry. */
type Schemas = components["schemas"];

export type LiveBar = Schemas["BarView"];
export type LiveTick = Schemas["TickData"];
export type LiveDecision = Schemas["SignalData"];
export type LiveOrder = Schemas["OrderView"];
export type LiveFill = Schemas["FillView"];
export type LivePosition = Schemas["PositionView"];
export type LiveEquity = Schemas["EquityPointView"];
export type LivePhase = Schemas["PhaseData"];
export type LivePod = Schemas["PodData"];
export type LiveNotice = Schemas["NoticeData"];
export type LiveDesk = Schemas["DeskState"];
