import { lazyPart } from "@/components/lazyPart";
import { useWords } from "@/lib/useWords";
import styles from "./ChatDock.module.css";
import { Pending } from "./Pending";
import { useChatOpen } from "./useChatOpen";
import { WORDS } from "./words";

const ChatPanel = lazyPart(
  async () => (await import("@/features/chat/ChatPanel")).ChatPanel,
  <Pending />,
);

/** Chat beside every page; one for all of them, so that an answer goes on while one looks elsewhere. */
export function ChatDock() {
  const [open] = useChatOpen();
  const say = useWords(WORDS);
  if (!open) return null;
  return (
    <aside className={styles.dock} aria-label={say("chat")} data-tour="chat">
      <ChatPanel />
    </aside>
  );
}
