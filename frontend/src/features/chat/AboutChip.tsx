import { CloseButton } from "@/components/ui/CloseButton";
import { symbolOf } from "@/lib/instrument";
import type { OnScreen } from "@/lib/screen";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import styles from "./ChatForm.module.css";
import { CHAT } from "./words";

type Props = { shown: OnScreen; onForget: () => void };

/** What “this” and “here” in the next question stand for; it can be put away. */
export function AboutChip({ shown, onForget }: Props) {
  const say = useWords(CHAT);
  const zone = useZone();
  const { kind, instrument = "", at = "" } = shown;
  return (
    <p className={styles.about} data-testid="chat-about">
      <span>
        {say(`about-${kind}`, {
          symbol: symbolOf(instrument),
          at: kind === "signal" ? formatInstant(at, zone, "time") : at,
        })}
      </span>
      <CloseButton label={say("forget")} onClick={onForget} />
    </p>
  );
}
