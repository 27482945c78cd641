import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { Panel } from "@/components/ui/Panel";
import { zoneName } from "@/lib/time";
import { useZone } from "@/lib/useZone";
import { toZonedInput } from "@/lib/zonedInput";
import { useMarketNow } from "@/live/useMarketNow";
import styles from "./OverridePanel.module.css";
import { OverridePreview } from "./OverridePreview";
import { bodyOf, defaultSpan, type OverrideDraft, PHASES, type Phase } from "./overrideDraft";
import { refusedFields } from "./refusedFields";
import { useOverrideActions } from "./useOverrideActions";

/** Sets an override: what it would change is shown first, then confirmed. */
export function OverridePanel({ scopes }: { scopes: readonly string[] }) {
  const zone = useZone();
  const { now, speed, known } = useMarketNow();
  const { preview, set } = useOverrideActions();
  const [draft, setDraft] = useState<OverrideDraft>({
    scope: "all",
    phase: "paused",
    until: "",
    reason: "",
  });
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
    <Panel title="Set an override">
      <form className={styles.form} onSubmit={submit} data-testid="override-form">
        <NativeSelect
          label="Scope"
          data={[...scopes]}
          value={draft.scope}
          onChange={(event) => change({ scope: event.target.value })}
          error={fields.scope}
          data-testid="override-scope"
        />
        <NativeSelect
          label="Phase"
          data={[...PHASES]}
          value={draft.phase}
          onChange={(event) => change({ phase: event.target.value as Phase })}
          error={fields.phase}
          data-testid="override-phase"
        />
        <TextInput
          label={`Until (market time, ${zoneName(now, zone)})`}
          type="datetime-local"
          required
          withAsterisk={false}
          value={draft.until}
          onChange={(event) => change({ until: event.target.value })}
          error={fields.ends}
          data-testid="override-until"
        />
        <TextInput
          label="Reason"
          required
          withAsterisk={false}
          maxLength={500}
          value={draft.reason}
          onChange={(event) => change({ reason: event.target.value })}
          error={fields.reason}
          data-testid="override-reason"
        />
        <div className={styles.actions}>
          <Button
            variant="default"
            loading={preview.isPending}
            disabled={!body}
            onClick={look}
            data-testid="override-preview"
          >
            Show what changes
          </Button>
          <Button
            type="submit"
            loading={set.isPending}
            disabled={!preview.data || !body}
            data-testid="override-submit"
          >
            Set override
          </Button>
        </div>
      </form>
      {problem && Object.keys(fields).length === 0 ? (
        <ErrorNote error={problem} what="Not possible." />
      ) : null}
      {preview.data ? <OverridePreview preview={preview.data} /> : null}
      {set.data && !preview.data ? (
        <p role="status" className={styles.done}>
          The override is set: {set.data.scope} is held in {set.data.phase}.
        </p>
      ) : null}
    </Panel>
  );
}
