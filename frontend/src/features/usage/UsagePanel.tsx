import { PagesGate } from "@/components/ui/PagesGate";
import { Panel } from "@/components/ui/Panel";
import { TextInput } from "@/components/ui/TextInput";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import styles from "./UsagePanel.module.css";
import { UsageTable } from "./UsageTable";
import { type Span, useUsage } from "./useUsage";
import { WORDS } from "./words";

type Props = { span: Span; onSpan: (change: Span) => void };

/** What each desk has cost the pods. The days are the address's. */
export function UsagePanel({ span, onSpan }: Props) {
  const say = useWords(WORDS);
  const query = useUsage(span);
  const answered = query.data?.pages[0];
  return (
    <Panel title={say("title")} testId="usage" status={<Freshness readAt={query.dataUpdatedAt} />}>
      <div className={styles.days}>
        {(["since", "until"] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            label={say(end)}
            value={span[end] ?? answered?.[end] ?? ""}
            onChange={(event) => onSpan({ [end]: event.target.value })}
            data-testid={`usage-${end}`}
          />
        ))}
        <p className={styles.note}>{say("days")}</p>
      </div>
      <PagesGate query={query} what={say("what")} none={say("none")}>
        {(desks) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
          <section className={styles.rows} tabIndex={0} aria-label={say("title")}>
            <UsageTable desks={desks} />
          </section>
        )}
      </PagesGate>
    </Panel>
  );
}
