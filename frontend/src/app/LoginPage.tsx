import { useNavigate } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { LoginForm } from "@/features/auth/LoginForm";
import styles from "./LoginPage.module.css";
import { Logo } from "./Logo";
import { oversees } from "./oversees";

/** Who oversees the platform begins at the operator's page. */
const home = () => (oversees(useSession.getState().user?.role) ? "/operator" : "/");

export function LoginPage() {
  const navigate = useNavigate();
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo />
        <h1 className={styles.title}>Sign in to your desk</h1>
        <LoginForm onDone={() => void navigate({ to: home() })} />
        <p className={styles.note}>Paper trading. Nothing here is investment advice.</p>
      </div>
    </main>
  );
}
