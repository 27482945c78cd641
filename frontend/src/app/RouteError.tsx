import { useEffect } from "react";
import { problemOf } from "@/api/problemOf";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { reachable } from "@/lib/reachable";
import { useWords } from "@/lib/useWords";
import styles from "./Message.module.css";
import { WORDS } from "./words";

const LOOK_MS = 2000;
/** Answers whoever asks for it this way that it does not: the server is there. */
const ASKED = "/api/v1/auth/refresh";

/** A page that failed: what, and a way on. While the server is away, it comes back by itself. */
export function RouteError({ error }: { error: unknown }) {
  const say = useWords(WORDS);
  useEffect(() => {
    const { code, status } = problemOf(error);
    if (code !== "unreachable" && status < 500) return;
    const timer = setInterval(async () => {
      if (await reachable(ASKED)) location.reload();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [error]);
  return (
    <main className={styles.message}>
      <ErrorNote error={error} what={say("failed")} onRetry={() => location.reload()} />
    </main>
  );
}
