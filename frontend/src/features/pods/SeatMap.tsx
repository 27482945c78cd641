import type { Schema } from "@/api/types";
import styles from "./SeatMap.module.css";

type Props = { desks: readonly Schema<"SeatedDesk">[]; seats: number };

/** The pod's ten seats and who sits in them. */
export function SeatMap({ desks, seats }: Props) {
  const taken = new Map(desks.map((desk) => [desk.seat, desk]));
  return (
    <ol className={styles.seats} aria-label={`Seats: ${desks.length} of ${seats} taken`}>
      {Array.from({ length: seats }, (_, seat) => {
        const desk = taken.get(seat);
        const name = desk ? desk.name || "another organisation's desk" : "free";
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a seat is its number
            key={seat}
            className={styles.seat}
            data-testid="seat"
            data-taken={desk !== undefined}
            title={`Seat ${seat}: ${name}${desk?.automatic ? ", automatic" : ""}`}
          >
            <span className={styles.number}>{seat}</span>
            <span className={styles.name}>{name.replace(/'s desk$/, "")}</span>
          </li>
        );
      })}
    </ol>
  );
}
