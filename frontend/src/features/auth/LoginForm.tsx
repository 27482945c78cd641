import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { PasswordInput } from "@/components/ui/PasswordInput";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import styles from "./LoginForm.module.css";
import { signIn } from "./signIn";
import { WORDS } from "./words";

/** Signs in; says what is wrong where it is wrong. */
export function LoginForm({ onDone }: { onDone: () => void }) {
  const say = useWords(WORDS);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const entry = useMutation({ mutationFn: signIn, onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entry.mutate({ login, password });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label={say("username")}
        size="sm"
        autoComplete="username"
        autoFocus
        required
        value={login}
        onChange={(event) => setLogin(event.target.value)}
        data-testid="login-username"
      />
      <PasswordInput
        label={say("password")}
        showLabel={say("show-password")}
        size="sm"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        data-testid="login-password"
      />
      {entry.error ? <ErrorNote error={entry.error} what={say("refused")} /> : null}
      <Button type="submit" size="sm" loading={entry.isPending} data-testid="login-submit">
        {say("enter")}
      </Button>
    </form>
  );
}
