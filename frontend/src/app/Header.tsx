import { IconButton } from "@/components/ui/IconButton";
import { PhaseBadge } from "@/features/schedule/PhaseBadge";
import { useWords } from "@/lib/useWords";
import { ConnectionState } from "./ConnectionState";
import styles from "./Header.module.css";
import { Logo } from "./Logo";
import { MarketClock } from "./MarketClock";
import { Menu } from "./Menu";
import { ModePill } from "./ModePill";
import { Navigation } from "./Navigation";
import { openOverlay } from "./overlay";
import { useChatOpen } from "./useChatOpen";
import { WORDS } from "./words";

export function Header() {
  const say = useWords(WORDS);
  const [chat, setChat] = useChatOpen();
  return (
    <header className={styles.header}>
      <Logo />
      <span data-tour="mode">
        <ModePill />
      </span>
      <Navigation />
      <PhaseBadge />
      <div className={styles.right}>
        <MarketClock />
        <ConnectionState />
        <IconButton
          label={`${say("palette")} (Ctrl K)`}
          data-tour="palette"
          onClick={() => openOverlay("palette")}
        >
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none">
            <circle cx="7" cy="7" r="4.5" stroke="currentColor" strokeWidth="1.6" />
            <path d="M10.5 10.5L14 14" stroke="currentColor" strokeWidth="1.6" />
          </svg>
        </IconButton>
        <IconButton
          label={say("chat")}
          aria-pressed={chat}
          data-testid="chat-toggle"
          onClick={() => setChat(!chat)}
        >
          <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" fill="none">
            <path d="M2 3h12v8H7l-3 3v-3H2z" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </IconButton>
        <Menu />
      </div>
    </header>
  );
}
