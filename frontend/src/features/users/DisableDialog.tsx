import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { useWords } from "@/lib/useWords";
import styles from "./UsersPanel.module.css";
import { useSetDisabled } from "./useUsers";
import { WORDS } from "./words";

type Props = { account: Schema<"PersonView">; onClose: () => void };

/** Says what disabling or enabling does, and does it. */
export function DisableDialog({ account, onClose }: Props) {
  const say = useWords(WORDS);
  const change = useSetDisabled();
  const { id, login } = account;
  const act = account.disabled_at === null ? "disable" : "enable";
  return (
    <Dialog opened onClose={onClose} title={say(`${act}-of`, { login })}>
      <div className={styles.dialog}>
        <p>{say(`${act}-says`, { login })}</p>
        {change.error ? <ErrorNote error={change.error} what={say("failed")} /> : null}
        <Button
          {...(act === "disable" ? { color: "red" as const } : {})}
          loading={change.isPending}
          onClick={() => change.mutate({ id, disabled: act === "disable" }, { onSuccess: onClose })}
          data-testid="user-confirm"
        >
          {say(act)}
        </Button>
      </div>
    </Dialog>
  );
}
