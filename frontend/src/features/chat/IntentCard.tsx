import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Pill, type Tone } from "@/components/ui/Pill";
import { formatCountdown } from "@/lib/time";
import { useNow } from "@/lib/useNow";
import { useWords } from "@/lib/useWords";
import styles from "./IntentCard.module.css";
import { INTENT_WORDS } from "./intentWords";
import { useIntent } from "./useIntent";

type State = Schema<"IntentView">["state"];

const TONES: Record<State, Tone> = {
  prepared: "accent",
  confirmed: "up",
  denied: "alarm",
  dismissed: "plain",
  expired: "plain",
};

/** What the chatbot has prepared: said whole, with what the checks say, until it is decided on. */
export function IntentCard({ id }: { id: string }) {
  const { intent, confirm, dismiss } = useIntent(id);
  const say = useWords(INTENT_WORDS);
  const now = useNow();
  const shown = intent.data;
  if (intent.error) {
    return <ErrorNote error={intent.error} what={say("away")} onRetry={intent.refetch} />;
  }
  if (!shown) return null;
  const left = Math.max(0, (Date.parse(shown.expires_at) - now) / 1000);
  const state = shown.state === "prepared" && left === 0 ? "expired" : shown.state;
  const { nonce, outcome, preview } = shown;
  const open = state === "prepared" && nonce !== null;
  const deciding = confirm.isPending || dismiss.isPending;
  return (
    <section className={styles.card} aria-label={say("card")} data-testid="intent-card">
      <p className={styles.head}>
        <span>{say("card")}</span>
        <Pill tone={TONES[state]} testId="intent-state">
          {say(state)}
        </Pill>
      </p>
      <p className={styles.says}>{shown.says}</p>
      {open ? (
        <>
          <p className={styles.detail}>
            {preview.allowed ? preview.detail : say("refused", { why: preview.detail })}
          </p>
          <p className={styles.detail} role="timer" aria-live="off">
            {say("expires", { span: formatCountdown(left) })}
          </p>
          <div className={styles.buttons}>
            <Button
              loading={confirm.isPending}
              disabled={deciding || !preview.allowed}
              onClick={() => confirm.mutate(nonce)}
              data-testid="intent-confirm"
            >
              {say("confirm")}
            </Button>
            <Button
              variant="default"
              loading={dismiss.isPending}
              disabled={deciding}
              onClick={() => dismiss.mutate()}
              data-testid="intent-dismiss"
            >
              {say("dismiss")}
            </Button>
          </div>
        </>
      ) : null}
      {outcome?.detail ? <p className={styles.detail}>{outcome.detail}</p> : null}
      {confirm.error || dismiss.error ? (
        <ErrorNote error={confirm.error ?? dismiss.error} what={say("failed")} />
      ) : null}
    </section>
  );
}
