import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { IconButton } from "@/components/ui/IconButton";
import { usePreferences } from "@/lib/preferences";
import { useWords } from "@/lib/useWords";
import styles from "./ArrangeDialog.module.css";
import { WORDS } from "./arrangeWords";
import { ALWAYS, moved, ordered, type PanelId } from "./deskPanels";

/** Which of the desk's panels are shown, and in which order; kept for this browser. */
export function ArrangeDialog({ onClose }: { onClose: () => void }) {
  const say = useWords(WORDS);
  const { order, hidden } = usePreferences();
  const move = (id: PanelId, by: number) =>
    usePreferences.setState({ order: moved(order, id, by) });
  const show = (id: PanelId, yes: boolean) =>
    usePreferences.setState({
      hidden: yes ? hidden.filter((each) => each !== id) : [...hidden, id],
    });
  return (
    <Dialog opened onClose={onClose} title={say("title")}>
      <ol className={styles.list}>
        {ordered(order).map((id) => (
          <li key={id} className={styles.row}>
            <label className={styles.name}>
              <input
                type="checkbox"
                checked={ALWAYS.has(id) || !hidden.includes(id)}
                disabled={ALWAYS.has(id)}
                onChange={(event) => show(id, event.target.checked)}
              />
              {say(id)}
            </label>
            <IconButton label={say("up", { panel: say(id) })} onClick={() => move(id, -1)}>
              ↑
            </IconButton>
            <IconButton label={say("down", { panel: say(id) })} onClick={() => move(id, 1)}>
              ↓
            </IconButton>
          </li>
        ))}
      </ol>
      <Button variant="default" onClick={() => usePreferences.setState({ order: [], hidden: [] })}>
        {say("reset")}
      </Button>
    </Dialog>
  );
}
