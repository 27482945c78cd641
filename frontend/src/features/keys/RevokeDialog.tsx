import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { useWords } from "@/lib/useWords";
import styles from "./Keys.module.css";
import { useRevokeKey } from "./useKeys";
import { WORDS } from "./words";

type Props = { desk: string | undefined; its: Schema<"KeyView">; onClose: () => void };

/** Says what revoking does, and does it. */
export function RevokeDialog({ desk, its, onClose }: Props) {
  const say = useWords(WORDS);
  const revoke = useRevokeKey(desk);
  const { name, prefix } = its;
  return (
    <Dialog opened onClose={onClose} title={say("revoke-of", { name })}>
      <div className={styles.form}>
        <p>{say("revoke-says", { prefix })}</p>
        {revoke.error ? <ErrorNote error={revoke.error} what={say("not-revoked")} /> : null}
        <Button
          color="red"
          loading={revoke.isPending}
          onClick={() => revoke.mutate(its.id, { onSuccess: onClose })}
          data-testid="key-revoke"
        >
          {say("revoke")}
        </Button>
      </div>
    </Dialog>
  );
}
