import { Outlet } from "@tanstack/react-router";
import { SignedOutWatch } from "@/features/auth/SignedOutWatch";
import { useLanguage } from "@/lib/language";
import { useWords } from "@/lib/useWords";
import { useLiveConnection } from "@/live/useLiveConnection";
import { ChatDock } from "./ChatDock";
import { Header } from "./Header";
import { Overlays } from "./Overlays";
import styles from "./Shell.module.css";
import { useShortcuts } from "./shortcuts/useShortcuts";
import { useExchangeCalendar } from "./useExchangeCalendar";
import { WORDS } from "./words";

/** The frame of every page behind sign-in; holds the live socket. */
export function Shell() {
  useLiveConnection();
  useExchangeCalendar();
  useShortcuts();
  const say = useWords(WORDS);
  const language = useLanguage();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {say("skip")}
      </a>
      <Header />
      <div className={styles.beside}>
        {/* In another language the page begins anew: numbers and times are written otherwise. */}
        <main id="main" tabIndex={-1} className={styles.main} key={language}>
          <Outlet />
        </main>
        <ChatDock />
      </div>
      <Overlays />
      <SignedOutWatch />
    </div>
  );
}
