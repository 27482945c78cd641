import type { Schema } from "@/api/types";
import { useWords } from "@/lib/useWords";
import { useLive } from "@/live/store";
import styles from "./SeatNotice.module.css";
import { WORDS } from "./words";

/** Says so while the desk waits for a seat, and what the platform last had to say. */
export function SeatNotice({ desk }: { desk: Schema<"DeskView"> }) {
  const say = useWords(WORDS);
  const notice = useLive((state) => state.notices[0]);
  const pod = useLive((state) => state.pod);
  const place = pod ? pod.place : desk.waiting?.place;
  const text = place
    ? say("waiting", { place })
    : notice && notice.severity !== "info"
      ? notice.text
      : null;
  if (!text) return null;
  return (
    <p role="status" className={styles.notice}>
      {text}
    </p>
  );
}
