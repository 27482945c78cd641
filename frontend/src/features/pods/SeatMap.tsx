import type { Schema } from "@/api/types";
import { useWords } from "@/lib/useWords";
import styles from "./SeatMap.module.css";
import { PODS } from "./words";

type Props = { desks: readonly Schema<"SeatedDesk">[]; seats: number };

/** The pod's ten seats and who sits in them. */
export function SeatMap({ desks, seats }: Props) {
  const say = useWords(PODS);
  const taken = new Map(desks.map((desk) => [desk.seat, desk]));
  return (
    <ol className={styles.seats} aria-label={say("seats", { taken: desks.length, seats })}>
      {Array.from({ length: seats }, (_, seat) => {
        const desk = taken.get(seat);
        const name = desk ? desk.name || say("foreign") : say("free");
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a seat is its number
            key={seat}
            className={styles.seat}
            data-testid="seat"
            data-taken={desk !== undefined}
            title={say("seat", { seat, name: desk?.automatic ? say("automatic", { name }) : name })}
          >
            <span className={styles.number}>{seat}</span>
            <span className={styles.name}>{name.replace(/'s desk$/, "")}</span>
          </li>
        );
      })}
    </ol>
  );
}
