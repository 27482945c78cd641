import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY, forget, takeFrame, useLive } from "@/live/store";
import { fillFrame, heartbeat, snapshot } from "./frames";

const fills = (): string[] => useLive.getState().fills.map((fill) => fill.id);

beforeEach(() => useLive.setState(EMPTY, true));

describe("the live store", () => {
  it("takes durable frames in order, newest first", () => {
    expect(takeFrame(fillFrame("1-0", null), 0)).toBe("take");
    expect(takeFrame(fillFrame("2-0", "1-0"), 0)).toBe("take");
    expect(fills()).toEqual(["2-0", "1-0"]);
    expect(useLive.getState().cursor).toEqual({ epoch: "e1", seq: "2-0" });
  });

  it("takes a frame that comes twice only once", () => {
    takeFrame(fillFrame("1-0", null), 0);
    expect(takeFrame(fillFrame("1-0", null), 0)).toBe("duplicate");
    expect(fills()).toEqual(["1-0"]);
  });

  it("leaves a frame alone while one before it is missing, and takes it in the replay", () => {
    takeFrame(fillFrame("1-0", null), 0);
    expect(takeFrame(fillFrame("3-0", "2-0"), 0)).toBe("gap");
    expect(fills()).toEqual(["1-0"]);
    takeFrame(fillFrame("2-0", "1-0"), 0);
    takeFrame(fillFrame("3-0", "2-0"), 0);
    expect(fills()).toEqual(["3-0", "2-0", "1-0"]);
  });

  it("compares sequences as numbers, not as text", () => {
    takeFrame(fillFrame("9-0", null), 0);
    expect(takeFrame(fillFrame("10-0", "9-0"), 0)).toBe("take");
    expect(takeFrame(fillFrame("10-2", "10-0"), 0)).toBe("take");
    expect(takeFrame(fillFrame("10-10", "10-2"), 0)).toBe("take");
  });

  it("sees by a heartbeat that the last frames are missing", () => {
    takeFrame(fillFrame("1-0", null), 0);
    expect(takeFrame(heartbeat("1-0"), 0)).toBe("take");
    expect(takeFrame(heartbeat("4-0"), 0)).toBe("gap");
    expect(useLive.getState().cursor?.seq).toBe("1-0");
  });

  it("starts from the first snapshot's place, and keeps its own over a later one's", () => {
    takeFrame(snapshot("5-0", null), 0);
    expect(useLive.getState().cursor?.seq).toBe("5-0");
    takeFrame(snapshot("9-0", true), 0);
    expect(useLive.getState().cursor?.seq).toBe("5-0");
    expect(useLive.getState().reloads).toBe(0);
  });

  it("asks for a reload when what was missed is gone", () => {
    takeFrame(fillFrame("1-0", null), 0);
    takeFrame(snapshot("9-0", false), 0);
    const state = useLive.getState();
    expect(state.reloads).toBe(1);
    expect(state.fills).toEqual([]);
    expect(state.cursor).toEqual({ epoch: "e1", seq: "9-0" });
  });

  it("asks for a reload when the stream has begun another life", () => {
    takeFrame(fillFrame("9-0", null), 0);
    expect(takeFrame(fillFrame("1-0", null, "a", "e2"), 0)).toBe("other-epoch");
    expect(useLive.getState().reloads).toBe(1);
    expect(takeFrame(fillFrame("2-0", "1-0", "b", "e2"), 0)).toBe("take");
  });

  it("keeps the clock's anchor and hears every frame, duplicates too", () => {
    takeFrame(heartbeat(null), 7);
    expect(useLive.getState().anchor?.speed).toBe(600);
    takeFrame(fillFrame("1-0", null), 8);
    takeFrame(fillFrame("1-0", null), 9);
    expect(useLive.getState().silentSince).toBe(9);
  });

  it("forgets everything at sign-out", () => {
    takeFrame(fillFrame("1-0", null), 0);
    forget();
    expect(useLive.getState()).toMatchObject({ fills: [], cursor: null, desk: null });
  });
});
