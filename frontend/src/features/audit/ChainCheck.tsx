import { useMutation } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { useWords } from "@/lib/useWords";
import styles from "./AuditPanel.module.css";
import { WORDS } from "./words";

/** Has the server check every row's hash; long chains take a while, so only when it is asked for. */
export function ChainCheck() {
  const say = useWords(WORDS);
  const check = useMutation({ mutationFn: () => unwrap(api.GET("/api/v1/audit/chain")) });
  const found = check.data;
  return (
    <div className={styles.chain}>
      <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
        {say("check")}
      </Button>
      {check.error ? <ErrorNote error={check.error} what={say("check-failed")} /> : null}
      {found ? (
        <p role="status" data-intact={found.intact} data-testid="audit-chain">
          {found.intact
            ? `✓ ${say("intact")}`
            : `✗ ${say("broken", { number: found.first_broken ?? 0 })}`}
        </p>
      ) : null}
    </div>
  );
}
