import { Button } from "@/components/ui/Button";
import { SegmentedControl } from "@/components/ui/SegmentedControl";
import { UserMenu } from "@/features/auth/UserMenu";
import { LANGUAGES, useLanguage } from "@/lib/language";
import { type Language, type ThemeChoice, usePreferences } from "@/lib/preferences";
import { useWords } from "@/lib/useWords";
import styles from "./Menu.module.css";
import { openOverlay } from "./overlay";
import { WORDS } from "./words";

const THEMES: readonly ThemeChoice[] = ["system", "light", "dark"];

/** What a person sets for this browser, and ways to help. */
export function Menu() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const theme = usePreferences((state) => state.theme);
  return (
    <UserMenu>
      <p className={styles.name}>{say("theme")}</p>
      <SegmentedControl
        aria-label={say("theme")}
        fullWidth
        data={THEMES.map((value) => ({ value, label: say(`theme-${value}`) }))}
        value={theme}
        onChange={(value) => usePreferences.setState({ theme: value })}
      />
      <p className={styles.name}>{say("language")}</p>
      <SegmentedControl
        aria-label={say("language")}
        fullWidth
        data={(["en", "de"] as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
        value={language}
        onChange={(value) => usePreferences.setState({ language: value })}
      />
      <Button variant="subtle" onClick={() => openOverlay("shortcuts")}>
        {say("shortcuts")} (?)
      </Button>
      <Button variant="subtle" onClick={() => openOverlay("tour")}>
        {say("tour")}
      </Button>
    </UserMenu>
  );
}
