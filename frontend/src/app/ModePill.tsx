import { Pill, type Tone } from "@/components/ui/Pill";
import { useWords } from "@/lib/useWords";
import { type Mode, useMode } from "./useMode";
import { WORDS } from "./words";

const TONES: Record<Mode["kind"], Tone> = { paper: "warn", live: "alarm", unknown: "plain" };

/** PAPER or LIVE, on every page. While it is not known, it says that. */
export function ModePill() {
  const { kind, desks } = useMode();
  const say = useWords(WORDS);
  const title = desks === undefined ? say(`${kind}-says`) : say("some-live-says");
  return (
    <Pill tone={TONES[kind]} testId="paper-badge" title={title}>
      {desks === undefined ? say(`mode-${kind}`) : say("some-live", { count: desks })}
    </Pill>
  );
}
