const WAIT_MS = 3000;
const LOOK_MS = 50;

/** Puts the focus on what has the id, once it is there; gives up after a while. */
export function focusOn(id: string): void {
  const from = Date.now();
  const look = (): void => {
    const element = document.getElementById(id);
    if (element) element.focus();
    else if (Date.now() - from < WAIT_MS) setTimeout(look, LOOK_MS);
  };
  look();
}
