import { describe, expect, it } from "vitest";
import { stageWords } from "@/features/learning/stageWords";
import { verdictWords } from "@/features/learning/verdictWords";

function stage(state: string, sessions = 0, of_sessions = 5) {
  return { state, why: "", changed_at: null, sessions, of_sessions };
}

describe("where a challenger stands", () => {
  it("counts its market sessions in shadow", () => {
    expect(stageWords(stage("shadow", 2), "promoted")).toBe("in shadow 2 of 5");
  });

  it("says who has to act, and how it ended", () => {
    expect(stageWords(stage("awaiting_approval", 5), "promoted")).toBe("awaiting approval");
    expect(stageWords(stage("rejected", 3), "promoted")).toBe("rejected");
    expect(stageWords(stage("rolled_back"), "promoted")).toBe("rolled back");
  });

  it("is silent where the verdict says it", () => {
    expect(stageWords(stage("rejected"), "champion_kept")).toBeNull();
    expect(stageWords(null, "promoted")).toBeNull();
  });

  it("calls a verdict what it is: passing the gate promotes nobody yet", () => {
    expect(verdictWords("promoted")).toBe("passed the gate");
    expect(verdictWords("champion_kept")).toBe("champion kept");
  });
});
