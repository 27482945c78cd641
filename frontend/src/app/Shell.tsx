import { Outlet } from "@tanstack/react-router";
import { SignedOutWatch } from "@/features/auth/SignedOutWatch";
import { useLiveConnection } from "@/live/useLiveConnection";
import { Header } from "./Header";
import styles from "./Shell.module.css";
import { useExchangeCalendar } from "./useExchangeCalendar";

/** The frame of every page behind sign-in; holds the live socket. */
export function Shell() {
  useLiveConnection();
  useExchangeCalendar();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <Header />
      <main id="main" className={styles.main}>
        <Outlet />
      </main>
      <SignedOutWatch />
    </div>
  );
}
