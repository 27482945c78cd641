import { ErrorNote } from "@/components/ui/ErrorNote";
import styles from "./Message.module.css";

/** A page that failed: what, and a way on. */
export function RouteError({ error }: { error: unknown }) {
  return (
    <main className={styles.message}>
      <ErrorNote error={error} what="This page failed." onRetry={() => location.reload()} />
    </main>
  );
}
