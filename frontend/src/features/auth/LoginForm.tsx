import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ui/ErrorNote";
import styles from "./LoginForm.module.css";
import { signIn } from "./signIn";

/** Signs in; says what is wrong where it is wrong. */
export function LoginForm({ onDone }: { onDone: () => void }) {
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
        label="Username"
        size="sm"
        autoComplete="username"
        autoFocus
        required
        withAsterisk={false}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
        data-testid="login-username"
      />
      <PasswordInput
        label="Password"
        size="sm"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        data-testid="login-password"
      />
      {entry.error ? <ErrorNote error={entry.error} /> : null}
      <Button type="submit" size="sm" loading={entry.isPending} data-testid="login-submit">
        Sign in
      </Button>
    </form>
  );
}
