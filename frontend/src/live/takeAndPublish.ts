import { feed } from "./feed";
import type { Frame } from "./frame";
import type { Judgement } from "./sequence";
import { takeFrame } from "./store";

/** Takes a frame into the store, and hands bars and ticks on to who draws them. */
export function takeAndPublish(frame: Frame, receivedMs: number): Judgement {
  const judgement = takeFrame(frame, receivedMs);
  if (frame.kind === "bar") feed.bars.emit(frame.data);
  else if (frame.kind === "tick") feed.ticks.emit(frame.data);
  return judgement;
}
