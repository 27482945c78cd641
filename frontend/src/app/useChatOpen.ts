import { useSession } from "@/api/session";
import { usePreferences } from "@/lib/preferences";
import { useMedia } from "@/lib/useMedia";

const WIDE = "(min-width: 1100px)";

/** Whether chat stands beside the page: as it was left, at first for traders whose window has room. */
export function useChatOpen(): [open: boolean, setOpen: (open: boolean) => void] {
  const chosen = usePreferences((state) => state.chat);
  const trades = useSession((state) => state.user?.role === "trader");
  const wide = useMedia(WIDE);
  const setOpen = (open: boolean): void => {
    usePreferences.setState({ chat: open });
  };
  return [chosen ?? (trades && wide), setOpen];
}
