import { type FormEvent, useState } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./Keys.module.css";
import type { useMakeKey } from "./useKeys";
import { WORDS } from "./words";

type Scope = Schema<"KeyScope">;

const SCOPES: readonly Scope[] = ["chat", "read"];
const DAYS = [7, 30, 90, 365] as const;

/** What a new key is called, what it opens, and for how long. */
export function MakeKeyForm({ make }: { make: ReturnType<typeof useMakeKey> }) {
  const say = useWords(WORDS);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(SCOPES);
  const [days, setDays] = useState(90);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ name: name.trim(), scopes: [...scopes], expires_in_days: days });
  };
  const toggle = (scope: Scope) =>
    setScopes(SCOPES.filter((each) => (each === scope) !== scopes.includes(each)));
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label={say("name")}
        description={say("name-says")}
        required
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
        data-testid="key-name"
        autoFocus
      />
      <fieldset className={styles.scopes}>
        <legend>{say("scopes")}</legend>
        {SCOPES.map((scope) => (
          <label key={scope} className={styles.scope}>
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={() => toggle(scope)}
              data-testid={`key-scope-${scope}`}
            />
            <span>
              {say(`scope-${scope}`)}: {say(`scope-${scope}-says`)}
            </span>
          </label>
        ))}
      </fieldset>
      <NativeSelect
        label={say("lasts")}
        data={DAYS.map((each) => ({ value: String(each), label: say("days", { count: each }) }))}
        value={String(days)}
        onChange={({ target }) => setDays(Number(target.value))}
      />
      {make.error ? <ErrorNote error={make.error} what={say("not-made")} /> : null}
      <Button
        type="submit"
        loading={make.isPending}
        disabled={!name.trim() || scopes.length === 0}
        data-testid="key-make"
      >
        {say("make")}
      </Button>
    </form>
  );
}
