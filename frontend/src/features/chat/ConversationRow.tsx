import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button";
import { TextInput } from "@/components/ui/TextInput";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import styles from "./Conversations.module.css";
import { WORDS } from "./historyWords";
import type { Found } from "./useConversations";

type Props = {
  found: Found;
  current: boolean;
  onOpen: () => void;
  onRename: (title: string) => void;
  onRemove: () => void;
};

/** A conversation in the list: open it, give it another title, delete it after a second thought. */
export function ConversationRow({ found, current, onOpen, onRename, onRemove }: Props) {
  const { thread, excerpts } = found;
  const say = useWords(WORDS);
  const zone = useZone();
  const [doing, setDoing] = useState<"rename" | "remove" | null>(null);
  const [title, setTitle] = useState(thread.title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!title.trim()) return;
    setDoing(null);
    onRename(title.trim());
  };
  return (
    <li className={styles.row} data-current={current || undefined} data-testid="conversation">
      <button type="button" className={styles.open} onClick={onOpen}>
        <span className={styles.title}>{thread.title}</span>
        <time dateTime={thread.updated_at} className={styles.time}>
          {formatInstant(thread.updated_at, zone, "full")}
        </time>
      </button>
      {excerpts.map((excerpt) => (
        <p key={excerpt.message} className={styles.excerpt}>
          {excerpt.text}
        </p>
      ))}
      {doing === "rename" ? (
        <form className={styles.actions} onSubmit={submit}>
          <TextInput
            aria-label={say("title", { title: thread.title })}
            value={title}
            maxLength={120}
            onChange={(event) => setTitle(event.target.value)}
            autoFocus
          />
          <Button type="submit" size="compact-xs">
            {say("save")}
          </Button>
        </form>
      ) : null}
      {doing === "remove" ? (
        <div className={styles.actions} role="alert">
          {say("surely")}
          <Button size="compact-xs" color="red" onClick={onRemove}>
            {say("remove")}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setDoing(null)} autoFocus>
            {say("keep")}
          </Button>
        </div>
      ) : null}
      {doing === null ? (
        <div className={styles.actions}>
          {(["rename", "remove"] as const).map((what) => (
            <Button key={what} size="compact-xs" variant="subtle" onClick={() => setDoing(what)}>
              {say(what)}
              <span className="visually-hidden"> {thread.title}</span>
            </Button>
          ))}
        </div>
      ) : null}
    </li>
  );
}
