import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSession } from "@/api/session";
import { usePreferences } from "@/lib/preferences";
import { ZONE_CHOICES } from "@/lib/zones";
import { focusOn } from "../focusOn";
import { openOverlay } from "../overlay";
import { mayOpen } from "../pages";
import { toKillSwitch } from "../toKillSwitch";
import { useChatOpen } from "../useChatOpen";
import { isTyping, type Shortcut, shortcutOf } from "./shortcutOf";

const PREFIX_MS = 1500;

/** Listens to the keyboard for the whole page. */
export function useShortcuts(): void {
  const run = useRun();
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    let prefixedUntil = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector("dialog[open]:modal")) return;
      const single = usePreferences.getState().keys && !isTyping(event.target);
      const press = { key: event.key, control: event.ctrlKey || event.metaKey, alt: event.altKey };
      const shortcut = shortcutOf(press, Date.now() < prefixedUntil, single);
      prefixedUntil = shortcut?.kind === "prefix" ? Date.now() + PREFIX_MS : 0;
      if (!shortcut) return;
      event.preventDefault();
      latest.current(shortcut);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function useRun(): (shortcut: Shortcut) => void {
  const navigate = useNavigate();
  const role = useSession((state) => state.user?.role);
  const [chat, setChat] = useChatOpen();
  return (shortcut) => {
    if (shortcut.kind === "palette") openOverlay("palette");
    else if (shortcut.kind === "help") openOverlay("shortcuts");
    else if (shortcut.kind === "chat") toggleChat(chat, setChat);
    else if (shortcut.kind === "zone") nextZone();
    else if (shortcut.kind === "killswitch" && role === "trader") void toKillSwitch(navigate);
    else if (shortcut.kind === "page" && mayOpen(shortcut.path, role)) {
      void navigate({ to: shortcut.path });
    }
  };
}

/** Who opens chat by a key goes on typing into it. */
function toggleChat(open: boolean, setOpen: (open: boolean) => void): void {
  setOpen(!open);
  if (!open) focusOn("chat-input");
}

function nextZone(): void {
  const { zone } = usePreferences.getState();
  const next = ZONE_CHOICES[(ZONE_CHOICES.indexOf(zone) + 1) % ZONE_CHOICES.length];
  if (next) usePreferences.setState({ zone: next });
}
