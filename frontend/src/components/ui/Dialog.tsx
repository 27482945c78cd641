import { type ReactNode, useEffect, useId, useRef } from "react";
import { useWords } from "@/lib/useWords";
import { CloseButton } from "./CloseButton";
import styles from "./Dialog.module.css";
import { WORDS } from "./words";

/** It begins at its first field; without one at the button that closes it, which does no harm. */
const FIELD = "input:not([type=checkbox]), select, textarea";

type Props = { title: string; opened: boolean; onClose: () => void; children: ReactNode };

/** A dialog over the page, the browser's own: it keeps the focus inside and closes on Escape. */
export function Dialog({ title, opened, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const say = useWords(WORDS);
  useEffect(() => {
    if (!opened) return dialog.current?.close();
    const before = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>(FIELD)?.focus();
    return () => {
      // A dialog that is taken away does not give the focus back, as one that is closed does.
      const lost = document.activeElement === document.body;
      if (lost && before instanceof HTMLElement) before.focus();
    };
  }, [opened]);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={id} onClose={onClose}>
      {opened ? (
        <>
          <div className={styles.head}>
            <h2 id={id} className={styles.title}>
              {title}
            </h2>
            <CloseButton label={say("close")} onClick={onClose} />
          </div>
          {children}
        </>
      ) : null}
    </dialog>
  );
}
