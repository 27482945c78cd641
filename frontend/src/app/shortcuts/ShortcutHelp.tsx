import { useSession } from "@/api/session";
import { Dialog } from "@/components/ui/Dialog";
import { usePreferences } from "@/lib/preferences";
import { useWords } from "@/lib/useWords";
import { pagesFor } from "../pages";
import { WORDS as SHELL } from "../words";
import styles from "./ShortcutHelp.module.css";
import { WORDS } from "./words";

const KEYS = [
  ["palette", "Ctrl K, /"],
  ["help", "?"],
  ["chat", "c"],
  ["killswitch", "k"],
  ["zone", "z"],
] as const;

/** What the keys do, and a switch for those who type into the page by voice or by accident. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const say = useWords(WORDS);
  const shell = useWords(SHELL);
  const role = useSession((state) => state.user?.role);
  const keys = usePreferences((state) => state.keys);
  const rows = KEYS.filter(([name]) => name !== "killswitch" || role === "trader");
  return (
    <Dialog opened onClose={onClose} title={say("title")}>
      <dl className={styles.keys}>
        {rows.map(([name, key]) => (
          <div key={name}>
            <dt>{say(name)}</dt>
            <dd>
              <kbd>{key}</kbd>
            </dd>
          </div>
        ))}
        {pagesFor(role).map((page) => (
          <div key={page.path}>
            <dt>{say("go-to", { page: shell(page.name) })}</dt>
            <dd>
              <kbd>g {page.key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <label className={styles.single}>
        <input
          type="checkbox"
          checked={keys}
          onChange={(event) => usePreferences.setState({ keys: event.target.checked })}
        />
        {say("single")}
      </label>
      <p className={styles.note}>{say("single-says")}</p>
    </Dialog>
  );
}
