import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { useWords } from "@/lib/useWords";
import { Contributions } from "./Contributions";
import styles from "./ExplanationDialog.module.css";
import { SIGNAL_PAGE } from "./pageWords";
import { notOnRecord, RECORD_TRIES, useExplanation } from "./useExplanation";

/** The reasons on record; while there are none, why, and whether they are still asked for. */
export function ExplanationBody({ signal }: { signal: string }) {
  const { data, error, failureCount, failureReason, refetch } = useExplanation(signal);
  const say = useWords(SIGNAL_PAGE);
  if (data) {
    return (
      <>
        <p>{data.reason}</p>
        <Contributions explanation={data} />
        <p className={styles.meta}>
          {say("frozen")}{" "}
          <code title={data.policy_version}>{data.policy_version.slice(0, 24)}</code>
        </p>
      </>
    );
  }
  if (error && !notOnRecord(error)) {
    return <ErrorNote error={error} what={say("reasonsMissing")} onRetry={refetch} />;
  }
  if (error) {
    return (
      <div role="alert" className={styles.missing}>
        <p>{say("never")}</p>
        <Button variant="default" size="compact-xs" onClick={() => void refetch()}>
          {say("again")}
        </Button>
      </div>
    );
  }
  return (
    <p role="status" className={styles.meta}>
      {notOnRecord(failureReason)
        ? say("early", { count: failureCount, most: RECORD_TRIES + 1 })
        : say("loading")}
    </p>
  );
}
