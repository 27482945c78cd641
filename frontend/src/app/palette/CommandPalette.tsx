import { type KeyboardEvent, useId, useState } from "react";
import { Dialog } from "@/components/ui/Dialog";
import { useWords } from "@/lib/useWords";
import styles from "./CommandPalette.module.css";
import { type Command, matching } from "./matching";
import { useCommands } from "./useCommands";
import { WORDS } from "./words";

/** Finds pages, instruments and acts by what is typed; arrows choose, Enter does. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const say = useWords(WORDS);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const found = matching(useCommands(), text);
  const chosen = Math.min(at, found.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + found.length) % Math.max(found.length, 1));
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog opened onClose={onClose} title={say("title")}>
      <input
        type="text"
        className={styles.input}
        role="combobox"
        aria-label={say("input")}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined}
        placeholder={say("input")}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        data-testid="palette-input"
      />
      <div id={list} role="listbox" aria-label={say("results")} className={styles.list}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the input's, as a combobox has it
          <div
            key={command.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.option}
            ref={index === chosen ? intoSight : null}
            onClick={() => run(command)}
          >
            {command.text}
            {command.keys ? <kbd>{command.keys}</kbd> : null}
          </div>
        ))}
      </div>
      {found.length === 0 ? <p role="status">{say("none", { text })}</p> : null}
    </Dialog>
  );
}

function intoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
