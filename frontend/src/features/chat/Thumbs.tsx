import { useState } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { ErrorNote } from "@/components/ui/ErrorNote";
import { IconButton } from "@/components/ui/IconButton";
import { useWords } from "@/lib/useWords";
import { WORDS } from "./historyWords";
import { NoteForm } from "./NoteForm";
import styles from "./Thumbs.module.css";
import { useRating } from "./useRating";

const HAND =
  "M2 7.5h2.5v6H2zM4.5 8l3-5.5c1 0 1.6.7 1.4 1.7L8.5 6.5h4c.9 0 1.4.7 1.2 1.5l-1.1 4.3c-.2.7-.7 1.2-1.5 1.2H4.5";

/** What the reader thinks of an answer: a thumb, which can be changed or taken back, and why. */
export function Thumbs({ message }: { message: Schema<"MessageView"> }) {
  const say = useWords(WORDS);
  const rate = useRating(message.id);
  const [asking, setAsking] = useState(false);
  const own = rate.isPending ? rate.variables : (message.feedback ?? null);
  return (
    <div className={styles.thumbs} title={say("seen")}>
      {(["up", "down"] as const).map((rating) => (
        <IconButton
          key={rating}
          label={say(rating)}
          title={say("seen")}
          aria-pressed={own?.rating === rating}
          className={styles.thumb ?? ""}
          onClick={() => rate.mutate(own?.rating === rating ? null : { rating, note: null })}
          data-testid={`thumb-${rating}`}
        >
          <svg
            viewBox="0 0 16 16"
            width="15"
            height="15"
            aria-hidden="true"
            fill="none"
            className={rating === "down" ? styles.down : undefined}
          >
            <path d={HAND} stroke="currentColor" strokeWidth="1.3" strokeLinejoin="round" />
          </svg>
        </IconButton>
      ))}
      {own && !asking ? (
        <Button variant="subtle" size="compact-xs" onClick={() => setAsking(true)}>
          {own.note || say("why")}
        </Button>
      ) : null}
      {own && asking ? (
        <NoteForm
          note={own.note ?? ""}
          onSend={(note) => {
            setAsking(false);
            rate.mutate({ rating: own.rating, note });
          }}
        />
      ) : null}
      {rate.error ? <ErrorNote error={rate.error} what={say("refused")} /> : null}
    </div>
  );
}
