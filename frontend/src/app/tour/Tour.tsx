import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/Button";
import { usePreferences } from "@/lib/preferences";
import { useWords } from "@/lib/useWords";
import { type Step, stepsHere, targetOf } from "./steps";
import styles from "./Tour.module.css";
import { WORDS } from "./words";

/** Shows what is where, one thing at a time. The page stays usable; Escape ends it for good. */
export function Tour({ onClose }: { onClose: () => void }) {
  const say = useWords(WORDS);
  const [at, setAt] = useState(0);
  const steps = stepsHere();
  const step: Step = steps[at] ?? "welcome";
  const last = at >= steps.length - 1;
  const next = useRef<HTMLButtonElement>(null);
  usePointedAt(step);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the way on has the focus at every step
  useEffect(() => next.current?.focus({ preventScroll: true }), [step]);
  const end = () => {
    usePreferences.setState({ toured: true });
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") end();
  };
  return (
    <section
      className={styles.tour}
      role="dialog"
      aria-label={say("label", { at: at + 1, of: steps.length })}
      onKeyDown={onKeyDown}
      data-testid="tour"
    >
      <p aria-live="polite">{say(step)}</p>
      <div className={styles.ways}>
        <span className={styles.count}>
          {at + 1} / {steps.length}
        </span>
        {last ? null : (
          <Button variant="subtle" size="compact-xs" onClick={end}>
            {say("skip")}
          </Button>
        )}
        {at > 0 ? (
          <Button variant="default" size="compact-xs" onClick={() => setAt(at - 1)}>
            {say("back")}
          </Button>
        ) : null}
        <Button ref={next} size="compact-xs" onClick={last ? end : () => setAt(at + 1)}>
          {say(last ? "done" : "next")}
        </Button>
      </div>
    </section>
  );
}

/** Marks what the step is about, and brings it into sight. */
function usePointedAt(step: Step): void {
  useEffect(() => {
    const target = targetOf(step);
    if (!target) return;
    target.dataset.pointedAt = "";
    target.scrollIntoView({ block: "nearest" });
    return () => {
      delete target.dataset.pointedAt;
    };
  }, [step]);
}
