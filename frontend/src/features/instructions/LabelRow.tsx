import { Button } from "@/components/ui/Button";
import { Pill } from "@/components/ui/Pill";
import { useWords } from "@/lib/useWords";
import styles from "./LabelRow.module.css";
import type { Label } from "./label";
import type { useInstructionActions } from "./useInstructionActions";
import { WORDS } from "./words";

type Props = {
  label: Label;
  version: number | null;
  percent: number;
  actions: ReturnType<typeof useInstructionActions> | undefined;
};

/** One label: whom it answers, by which version, and the ways back. */
export function LabelRow({ label, version, percent, actions }: Props) {
  const say = useWords(WORDS);
  const name = say(label);
  return (
    <li className={styles.row} data-testid={`label-${label}`}>
      <Pill tone={label === "production" ? "accent" : "plain"}>{name}</Pill>
      <strong className={styles.version}>
        {version === null ? say("nowhere") : say("version", { version })}
      </strong>
      <span className={styles.says}>{say(`${label}-says`, { percent })}</span>
      {actions ? (
        <span className={styles.actions}>
          <Button
            variant="default"
            size="compact-xs"
            aria-label={say("roll-label", { label: name })}
            loading={actions.rollBack.isPending && actions.rollBack.variables.label === label}
            onClick={() => actions.rollBack.mutate({ label, expected: version })}
          >
            {say("roll")}
          </Button>
          {label !== "production" && version !== null ? (
            <Button
              variant="default"
              size="compact-xs"
              aria-label={say("remove-label", { label: name })}
              loading={actions.remove.isPending && actions.remove.variables.label === label}
              onClick={() => actions.remove.mutate({ label, expected: version })}
            >
              {say("remove")}
            </Button>
          ) : null}
        </span>
      ) : null}
    </li>
  );
}
