import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import styles from "./KillSwitch.module.css";

type Props = { halted: boolean; reducing: boolean; reason: string };

/** Stops all of the desk's orders until it is lifted; asks once before either. */
export function KillSwitch({ halted, reducing, reason }: Props) {
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const client = useQueryClient();
  const pull = useMutation({
    mutationFn: () =>
      halted
        ? unwrap(api.DELETE("/api/v1/killswitch"))
        : unwrap(api.POST("/api/v1/killswitch", { body: { scope: "desk", reason: why } })),
    onSuccess: () => setOpen(false),
    onSettled: () => client.invalidateQueries({ queryKey: ["desk"] }),
  });
  const verb = halted ? "Lift the kill switch" : "Kill switch";
  const allowed = reducing ? "The desk may only make positions smaller." : "The desk may trade.";
  return (
    <div className={styles.switch} data-halted={halted}>
      <p role="status">{halted ? `Halted: ${reason || "no reason given"}.` : allowed}</p>
      <Button
        variant={halted ? "default" : "outline"}
        color="red"
        onClick={() => setOpen(true)}
        data-testid="killswitch"
      >
        {verb}
      </Button>
      <Dialog opened={open} onClose={() => setOpen(false)} title={verb}>
        <div className={styles.dialog}>
          <p>
            {halted
              ? "The desk may send orders again."
              : "Open orders are cancelled and none is sent until somebody lifts it. Positions stay as they are."}
          </p>
          {halted ? null : (
            <TextInput
              label="Reason"
              value={why}
              onChange={(event) => setWhy(event.target.value)}
            />
          )}
          {pull.error ? <ErrorNote error={pull.error} /> : null}
          <Button color="red" loading={pull.isPending} onClick={() => pull.mutate()}>
            {halted ? "Lift it" : "Stop trading now"}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
