import { Pill } from "@/components/ui/Pill";
import { useWords } from "@/lib/useWords";
import { CHART } from "./words";

type Props = { synthetic: boolean; source: string | undefined };

/** Whether bars were recorded as they are, or made within longer recorded ones; and out of what. */
export function SourcePill({ synthetic, source }: Props) {
  const say = useWords(CHART);
  const known = source ?? say("unknown");
  return (
    <Pill
      tone={synthetic ? "warn" : "plain"}
      title={synthetic ? say("madeWithin", { source: known }) : known}
      testId="bars-source"
    >
      {say(synthetic ? "synthetic" : "recorded")}
    </Pill>
  );
}
