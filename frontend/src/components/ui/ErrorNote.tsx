import { Button } from "@mantine/core";
import { problemOf } from "@/api/problemOf";
import styles from "./ErrorNote.module.css";

type Props = { error: unknown; what?: string; onRetry?: (() => unknown) | undefined };

/** What went wrong, in the server's words, with a way on. Announced to screen readers. */
export function ErrorNote({ error, what, onRetry }: Props) {
  const problem = problemOf(error);
  return (
    <div role="alert" className={styles.error}>
      <p>
        {what ? <strong>{what} </strong> : null}
        {sentence(problem.message)} <span className={styles.code}>{problem.code}</span>
      </p>
      {onRetry ? (
        <Button variant="default" size="compact-xs" onClick={() => void onRetry()}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
