import { useEffect } from "react";
import { lazyPart } from "@/components/lazyPart";
import { usePreferences } from "@/lib/preferences";
import { closeOverlay, openOverlay, useOverlay } from "./overlay";

const PARTS = {
  palette: lazyPart(async () => (await import("./palette/CommandPalette")).CommandPalette),
  shortcuts: lazyPart(async () => (await import("./shortcuts/ShortcutHelp")).ShortcutHelp),
  tour: lazyPart(async () => (await import("./tour/Tour")).Tour),
  arrange: lazyPart(async () => (await import("./ArrangeDialog")).ArrangeDialog),
};

/** What lies over the page, loaded when it is first wanted. Who has not been here yet is shown round. */
export function Overlays() {
  const open = useOverlay((state) => state.open);
  const toured = usePreferences((state) => state.toured);
  useEffect(() => {
    if (!toured) openOverlay("tour");
  }, [toured]);
  if (!open) return null;
  const Part = PARTS[open];
  return <Part onClose={closeOverlay} />;
}
