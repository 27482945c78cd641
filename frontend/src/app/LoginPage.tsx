import { useNavigate } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { LoginForm } from "@/features/auth/LoginForm";
import { useWords } from "@/lib/useWords";
import styles from "./LoginPage.module.css";
import { Logo } from "./Logo";
import { homeOf } from "./pages";
import { WORDS } from "./words";

export function LoginPage() {
  const navigate = useNavigate();
  const say = useWords(WORDS);
  const enter = () => void navigate({ to: homeOf(useSession.getState().user?.role) });
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo />
        <h1 className={styles.title}>{say("sign-in")}</h1>
        <LoginForm onDone={enter} />
        <p className={styles.note}>{say("disclaimer")}</p>
      </div>
    </main>
  );
}
