import { Panel } from "@/components/ui/Panel";
import { useWords } from "@/lib/useWords";
import { OverrideForm } from "./OverrideForm";
import { SCHEDULE } from "./words";

export function OverridePanel({ scopes }: { scopes: readonly string[] }) {
  const say = useWords(SCHEDULE);
  return (
    <Panel title={say("setOverride")}>
      <OverrideForm scopes={scopes} />
    </Panel>
  );
}
