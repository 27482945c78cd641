import { problemOf } from "@/api/problemOf";
import { useWords } from "@/lib/useWords";
import { Button } from "./Button";
import styles from "./ErrorNote.module.css";
import { WORDS } from "./words";

/** What no server has said, or not in words for a reader. */
const OURS: ReadonlySet<string> = new Set(["unreachable", "server_failed", "internal_error"]);
type Ours = "unreachable" | "server_failed" | "internal_error";

type Props = { error: unknown; what?: string; onRetry?: (() => unknown) | undefined };

/** What went wrong, in the server's words, with a way on. Announced to screen readers. */
export function ErrorNote({ error, what, onRetry }: Props) {
  const problem = problemOf(error);
  const say = useWords(WORDS);
  const said = OURS.has(problem.code)
    ? say(problem.code as Ours, { status: problem.status })
    : problem.message;
  return (
    <div role="alert" className={styles.error}>
      <p>
        {what ? <strong>{what} </strong> : null}
        {sentence(said)}{" "}
        <span className={styles.code}>
          {[problem.code, problem.request].filter(Boolean).join(" · ")}
        </span>
      </p>
      {onRetry ? (
        <Button variant="default" size="compact-xs" onClick={() => void onRetry()}>
          {say("again")}
        </Button>
      ) : null}
    </div>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
