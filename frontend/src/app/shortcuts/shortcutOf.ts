import { PAGES, type Page } from "../pages";

/** What a key asks for. `prefix`: the next key decides. */
export type Shortcut =
  | { kind: "palette" | "help" | "chat" | "killswitch" | "zone" | "prefix" }
  | { kind: "page"; path: Page["path"] };

export type Press = { key: string; control: boolean; alt: boolean };

const SINGLE: Record<string, Shortcut> = {
  "?": { kind: "help" },
  "/": { kind: "palette" },
  c: { kind: "chat" },
  k: { kind: "killswitch" },
  z: { kind: "zone" },
  g: { kind: "prefix" },
};

/**
 * The shortcut of a key; null where it is none. `prefixed`: `g` was pressed just before. While
 * somebody types, or single keys are turned off, only those with Control (or Command) count.
 */
export function shortcutOf(press: Press, prefixed: boolean, single: boolean): Shortcut | null {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.alt) return null;
  if (press.control) return key === "k" ? { kind: "palette" } : null;
  if (!single) return null;
  if (!prefixed) return SINGLE[key] ?? null;
  const page = PAGES.find((each) => each.key === key);
  return page ? { kind: "page", path: page.path } : null;
}

/** Whether what is pressed belongs to a field, so that letters are letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
