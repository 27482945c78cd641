import type { Schema } from "@/api/types";
import { Pill, type Tone } from "@/components/ui/Pill";
import { useWords } from "@/lib/useWords";
import { stageWords } from "./stageWords";
import { VERDICT } from "./verdictWords";

const TONES: Record<string, Tone> = { champion: "up", rejected: "down", rolled_back: "down" };

/** Where the verdict's challenger stands by now, and why on hovering. */
export function StagePill({ verdict }: { verdict: Schema<"VerdictView"> }) {
  const { stage } = verdict;
  const say = useWords(VERDICT);
  const words = stageWords(stage, verdict.verdict, say);
  if (stage === null || words === null) return null;
  return (
    <Pill tone={TONES[stage.state] ?? "plain"} title={stage.why} testId="verdict-stage">
      {words}
    </Pill>
  );
}
