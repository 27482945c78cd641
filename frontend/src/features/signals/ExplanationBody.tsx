import { Button } from "@mantine/core";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Contributions } from "./Contributions";
import styles from "./ExplanationDialog.module.css";
import { notOnRecord, RECORD_TRIES, useExplanation } from "./useExplanation";

/** The reasons on record; while there are none, why, and whether they are still asked for. */
export function ExplanationBody({ signal }: { signal: string }) {
  const { data, error, failureCount, failureReason, refetch } = useExplanation(signal);
  if (data) {
    return (
      <>
        <p>{data.reason}</p>
        <Contributions explanation={data} />
        <p className={styles.meta}>
          Frozen when the signal was published, by policy{" "}
          <code title={data.policy_version}>{data.policy_version.slice(0, 24)}</code>
        </p>
      </>
    );
  }
  if (error && !notOnRecord(error)) {
    return <ErrorNote error={error} what="The reasons cannot be shown." onRetry={refetch} />;
  }
  if (error) {
    return (
      <div role="alert" className={styles.missing}>
        <p>
          This signal is not on record. What a pod published after it lost the desk's seat never is.
        </p>
        <Button variant="default" size="compact-xs" onClick={() => void refetch()}>
          Ask again
        </Button>
      </div>
    );
  }
  return (
    <p role="status" className={styles.meta}>
      {notOnRecord(failureReason)
        ? `Not on record yet: the signal came live a moment ago. Asked ${failureCount} of ${RECORD_TRIES + 1} times…`
        : "Loading the reasons…"}
    </p>
  );
}
