import { Link } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { Pill } from "@/components/ui/Pill";
import { UserMenu } from "@/features/auth/UserMenu";
import { PhaseBadge } from "@/features/schedule/PhaseBadge";
import { useLive } from "@/live/store";
import { ConnectionState } from "./ConnectionState";
import styles from "./Header.module.css";
import { Logo } from "./Logo";
import { MarketClock } from "./MarketClock";
import { oversees } from "./oversees";
import { ThemeToggle } from "./ThemeToggle";

export function Header() {
  const role = useSession((state) => state.user?.role);
  const mode = useLive((state) => state.desk?.mode) ?? "paper";
  return (
    <header className={styles.header}>
      <Logo />
      <Pill tone="warn" testId="paper-badge" title="Orders are simulated; no money moves.">
        {mode.toUpperCase()}
      </Pill>
      <nav className={styles.nav} aria-label="Pages">
        <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
          Desk
        </Link>
        {oversees(role) ? (
          <Link to="/operator" data-testid="operator-link">
            Operator
          </Link>
        ) : null}
      </nav>
      <PhaseBadge />
      <div className={styles.right}>
        <MarketClock />
        <ConnectionState />
        <ThemeToggle />
        <UserMenu />
      </div>
    </header>
  );
}
