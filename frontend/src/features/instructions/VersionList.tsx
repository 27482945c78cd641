import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { Freshness } from "@/live/Freshness";
import { labelsAt } from "./label";
import type { Instructions } from "./useInstructions";
import styles from "./VersionList.module.css";
import { WORDS } from "./words";

type Props = {
  found: Instructions;
  selected: number;
  readAt: number;
  onSelect: (version: number) => void;
};

/** The versions, newest first, with the labels that point at each. */
export function VersionList({ found, selected, readAt, onSelect }: Props) {
  const say = useWords(WORDS);
  const zone = useZone();
  return (
    <Panel title={say("versions")} status={<Freshness readAt={readAt} />} flush>
      <ul className={styles.list}>
        {found.versions.map((each) => (
          <li key={each.version}>
            <button
              type="button"
              className={styles.version}
              aria-current={each.version === selected || undefined}
              onClick={() => onSelect(each.version)}
            >
              <span className={styles.head}>
                <strong>{say("short-version", { version: each.version })}</strong>
                {labelsAt(found.labels, each.version).map((label) => (
                  <Pill key={label} tone={label === "production" ? "accent" : "plain"}>
                    {say(label)}
                  </Pill>
                ))}
              </span>
              <span className={styles.meta}>
                {say("made-by", {
                  who: each.created_by,
                  when: formatInstant(each.created_at, zone, "full"),
                })}
              </span>
              <span className={styles.begins}>{each.text.split("\n", 1)[0]}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
