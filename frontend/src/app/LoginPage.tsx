import { useNavigate } from "@tanstack/react-router";
import { LoginForm } from "@/features/auth/LoginForm";
import styles from "./LoginPage.module.css";
import { Logo } from "./Logo";

export function LoginPage() {
  const navigate = useNavigate();
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo />
        <h1 className={styles.title}>Sign in to your desk</h1>
        <LoginForm onDone={() => void navigate({ to: "/" })} />
        <p className={styles.note}>Paper trading. Nothing here is investment advice.</p>
      </div>
    </main>
  );
}
