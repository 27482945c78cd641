import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import type { Schema } from "@/api/types";
import { unwrap } from "@/api/unwrap";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./KillSwitch.module.css";
import { ORDERS } from "./words";

type Props = { limits: Schema<"DeskView">["limits"] };

/** Stops all of the desk's orders until it is lifted; asks once before either, and does what it asked. */
export function KillSwitch({ limits }: Props) {
  const say = useWords(ORDERS);
  const [act, setAct] = useState<"pull" | "lift" | null>(null);
  const [why, setWhy] = useState("");
  const client = useQueryClient();
  const pull = useMutation({
    mutationFn: () =>
      act === "lift"
        ? unwrap(api.DELETE("/api/v1/killswitch"))
        : unwrap(api.POST("/api/v1/killswitch", { body: { scope: "desk", reason: why } })),
    onSuccess: () => setAct(null),
    onSettled: () => client.invalidateQueries({ queryKey: ["desk"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pull.mutate();
  };
  const halted = limits.state === "halted";
  const lifts = act === "lift";
  const open = () => {
    pull.reset();
    setAct(limits.halted ? "lift" : "pull");
  };
  const standing = () => {
    if (limits.halted) return say("halted", { why: limits.halt_reason || say("noReason") });
    if (halted) return say("haltedAbove");
    return say(limits.state === "reducing" ? "mayReduce" : "mayTrade");
  };
  return (
    <div className={styles.switch} data-halted={halted}>
      <p role="status">{standing()}</p>
      <Button
        id="killswitch"
        variant={limits.halted ? "default" : "outline"}
        color="red"
        onClick={open}
        data-testid="killswitch"
      >
        {say(limits.halted ? "lift" : "killSwitch")}
      </Button>
      <Dialog
        opened={act !== null}
        onClose={() => setAct(null)}
        title={say(lifts ? "lift" : "killSwitch")}
      >
        <form className={styles.dialog} onSubmit={submit}>
          <p>{say(lifts ? "liftSays" : "pullSays")}</p>
          {lifts ? null : (
            <TextInput
              label={say("reason")}
              value={why}
              onChange={(event) => setWhy(event.target.value)}
            />
          )}
          {pull.error ? (
            <ErrorNote error={pull.error} what={say(lifts ? "notLifted" : "notStopped")} />
          ) : null}
          <Button
            type="submit"
            color="red"
            loading={pull.isPending}
            data-testid="killswitch-confirm"
          >
            {say(lifts ? "liftIt" : "stop")}
          </Button>
        </form>
      </Dialog>
    </div>
  );
}
