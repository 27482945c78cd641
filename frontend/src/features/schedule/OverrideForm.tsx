import { type FormEvent, useEffect, useState } from "react";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { TextInput } from "@/components/ui/TextInput";
import { zoneName } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { rezoned, toZonedInput } from "@/lib/zonedInput";
import { Countdown } from "@/live/Countdown";
import { useMarketNow } from "@/live/useMarketNow";
import { PHASES, type Phase } from "./isPhase";
import styles from "./OverrideForm.module.css";
import { OverridePreview } from "./OverridePreview";
import { bodyOf, defaultSpan, type OverrideDraft } from "./overrideDraft";
import { refusedFields } from "./refusedFields";
import { useOverrideActions } from "./useOverrideActions";
import { SCHEDULE } from "./words";

/** Sets an override: what it would change is shown first, then confirmed. */
export function OverrideForm({ scopes }: { scopes: readonly string[] }) {
  const say = useWords(SCHEDULE);
  const zone = useZone();
  const { now, speed, known } = useMarketNow();
  const { preview, set } = useOverrideActions();
  const [draft, setDraft] = useState<OverrideDraft>({
    scope: "all",
    phase: "paused",
    until: "",
    reason: "",
  });
  const [typedIn, setTypedIn] = useState(zone);
  if (typedIn !== zone) {
    setTypedIn(zone);
    setDraft((before) => ({ ...before, until: rezoned(before.until, typedIn, zone) }));
  }
  const body = bodyOf(draft, zone);
  const problem = set.error ?? preview.error;
  const fields = refusedFields(problem);
  const change = (part: Partial<OverrideDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    preview.reset();
    set.reset();
  };
  const proposed = known && !draft.until ? toZonedInput(now + defaultSpan(speed), zone) : "";
  useEffect(() => {
    if (proposed) setDraft((before) => ({ ...before, until: proposed }));
  }, [proposed]);
  const look = () => {
    if (body) preview.mutate(body);
  };
  const clear = () => {
    setDraft((before) => ({ ...before, until: "", reason: "" }));
    preview.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!preview.data || !body) return look();
    set.mutate(body, { onSuccess: clear });
  };
  return (
    <>
      <form className={styles.form} onSubmit={submit} data-testid="override-form">
        <NativeSelect
          label={say("scope")}
          data={[...scopes]}
          value={draft.scope}
          onChange={(event) => change({ scope: event.target.value })}
          error={fields.scope}
          data-testid="override-scope"
        />
        <NativeSelect
          label={say("phase")}
          data={PHASES.map((phase) => ({ value: phase, label: say(phase) }))}
          value={draft.phase}
          onChange={(event) => change({ phase: event.target.value as Phase })}
          error={fields.phase}
          data-testid="override-phase"
        />
        <TextInput
          label={say("untilField", { zone: zoneName(now, zone) })}
          type="datetime-local"
          required
          value={draft.until}
          onChange={(event) => change({ until: event.target.value })}
          error={fields.ends}
          data-testid="override-until"
        />
        <TextInput
          label={say("reason")}
          required
          maxLength={500}
          value={draft.reason}
          onChange={(event) => change({ reason: event.target.value })}
          error={fields.reason}
          data-testid="override-reason"
        />
        {body ? (
          <p className={styles.lasts}>
            {say("lasts")} <Countdown until={body.ends} />
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button
            variant="default"
            loading={preview.isPending}
            disabled={!body}
            onClick={look}
            data-testid="override-preview"
          >
            {say("show")}
          </Button>
          <Button
            type="submit"
            loading={set.isPending}
            disabled={!preview.data || !body}
            data-testid="override-submit"
          >
            {say("set")}
          </Button>
        </div>
      </form>
      {problem && Object.keys(fields).length === 0 ? (
        <ErrorNote error={problem} what={say("notPossible")} />
      ) : null}
      {preview.data ? <OverridePreview preview={preview.data} /> : null}
      {set.data && !preview.data ? (
        <p role="status" className={styles.done}>
          {say("isSet", { scope: set.data.scope, phase: say(set.data.phase) })}
        </p>
      ) : null}
    </>
  );
}
