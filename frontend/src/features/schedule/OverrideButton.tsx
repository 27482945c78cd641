import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useWords } from "@/lib/useWords";
import { OverrideForm } from "./OverrideForm";
import { SCHEDULE } from "./words";

/** Opens the dialog in which an override is set. */
export function OverrideButton({ scopes }: { scopes: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const say = useWords(SCHEDULE);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)} data-testid="override-open">
        {say("overrideButton")}
      </Button>
      <Dialog opened={open} onClose={() => setOpen(false)} title={say("setOverride")}>
        <OverrideForm scopes={scopes} />
      </Dialog>
    </>
  );
}
