import { useNavigate } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { signOut } from "@/features/auth/signOut";
import { symbolOf } from "@/lib/instrument";
import { LANGUAGES } from "@/lib/language";
import { type Language, type ThemeChoice, usePreferences } from "@/lib/preferences";
import { useWords } from "@/lib/useWords";
import { ZONE_CHOICES } from "@/lib/zones";
import { openOverlay } from "../overlay";
import { pagesFor } from "../pages";
import { toKillSwitch } from "../toKillSwitch";
import { useChatOpen } from "../useChatOpen";
import { useDesk } from "../useDesk";
import { WORDS as SHELL } from "../words";
import type { Command } from "./matching";
import { WORDS } from "./words";

const THEMES: readonly ThemeChoice[] = ["system", "light", "dark"];

/** All that the person can open or do from the palette. */
export function useCommands(): Command[] {
  return [...usePlaces(), ...useActs(), ...useChoices()];
}

function usePlaces(): Command[] {
  const navigate = useNavigate();
  const role = useSession((state) => state.user?.role);
  const desk = useDesk(role === "trader");
  const say = useWords(WORDS);
  const shell = useWords(SHELL);
  return [
    ...pagesFor(role).map((page) => ({
      id: page.path,
      text: say("go-to", { page: shell(page.name) }),
      keys: `g ${page.key}`,
      run: () => void navigate({ to: page.path }),
    })),
    ...(desk.data?.instruments ?? []).map((instrument) => ({
      id: instrument,
      text: say("chart-of", { instrument: symbolOf(instrument) }),
      run: () => void navigate({ to: "/", search: { instrument } }),
    })),
  ];
}

function useActs(): Command[] {
  const navigate = useNavigate();
  const trades = useSession((state) => state.user?.role === "trader");
  const [chat, setChat] = useChatOpen();
  const say = useWords(WORDS);
  const desk: Command[] = [
    { id: "killswitch", text: say("killswitch"), keys: "k", run: () => toKillSwitch(navigate) },
    { id: "arrange", text: say("arrange"), run: () => openOverlay("arrange") },
  ];
  return [
    { id: "chat", text: say(chat ? "chat-off" : "chat-on"), keys: "c", run: () => setChat(!chat) },
    ...(trades ? desk : []),
    {
      id: "shortcuts",
      text: say("shortcuts"),
      keys: "?",
      run: () => openOverlay("shortcuts"),
    },
    { id: "tour", text: say("tour"), run: () => openOverlay("tour") },
    { id: "leave", text: say("leave"), run: () => void signOut() },
  ];
}

function useChoices(): Command[] {
  const say = useWords(WORDS);
  const shell = useWords(SHELL);
  return [
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      text: say("theme", { choice: shell(`theme-${theme}`) }),
      run: () => usePreferences.setState({ theme }),
    })),
    ...(Object.keys(LANGUAGES) as Language[]).map((language) => ({
      id: `language-${language}`,
      text: say("language", { choice: LANGUAGES[language] }),
      run: () => usePreferences.setState({ language }),
    })),
    ...ZONE_CHOICES.map((zone) => ({
      id: `zone-${zone}`,
      text: say("zone", { choice: shell(`zone-${zone}`) }),
      run: () => usePreferences.setState({ zone }),
    })),
  ];
}
