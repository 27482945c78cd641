import { Pill } from "@/components/ui/Pill";

type Props = { synthetic: boolean; source: string | undefined };

/** Whether bars were recorded as they are, or made within longer recorded ones; and out of what. */
export function SourcePill({ synthetic, source = "source not known" }: Props) {
  const title = synthetic ? `Made within longer bars that were recorded: ${source}` : source;
  return (
    <Pill tone={synthetic ? "warn" : "plain"} title={title} testId="bars-source">
      {synthetic ? "synthetic" : "recorded"}
    </Pill>
  );
}
