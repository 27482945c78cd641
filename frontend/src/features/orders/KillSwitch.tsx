import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./KillSwitch.module.css";
import { ORDERS } from "./words";

type Props = { halted: boolean; reducing: boolean; reason: string };

/** Stops all of the desk's orders until it is lifted; asks once before either. */
export function KillSwitch({ halted, reducing, reason }: Props) {
  const say = useWords(ORDERS);
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pull.mutate();
  };
  const verb = say(halted ? "lift" : "killSwitch");
  const allowed = say(reducing ? "mayReduce" : "mayTrade");
  return (
    <div className={styles.switch} data-halted={halted}>
      <p role="status">{halted ? say("halted", { why: reason || say("noReason") }) : allowed}</p>
      <Button
        id="killswitch"
        variant={halted ? "default" : "outline"}
        color="red"
        onClick={() => setOpen(true)}
        data-testid="killswitch"
      >
        {verb}
      </Button>
      <Dialog opened={open} onClose={() => setOpen(false)} title={verb}>
        <form className={styles.dialog} onSubmit={submit}>
          <p>{say(halted ? "liftSays" : "pullSays")}</p>
          {halted ? null : (
            <TextInput
              label={say("reason")}
              value={why}
              onChange={(event) => setWhy(event.target.value)}
            />
          )}
          {pull.error ? (
            <ErrorNote error={pull.error} what={say(halted ? "notLifted" : "notStopped")} />
          ) : null}
          <Button
            type="submit"
            color="red"
            loading={pull.isPending}
            data-testid="killswitch-confirm"
          >
            {say(halted ? "liftIt" : "stop")}
          </Button>
        </form>
      </Dialog>
    </div>
  );
}
