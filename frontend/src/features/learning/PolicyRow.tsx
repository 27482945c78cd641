import type { ReactNode } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Pill, type Tone } from "@/components/ui/Pill";
import { formatScore } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { movesOf } from "./movesOf";
import { shortPolicy } from "./shortPolicy";
import { stateWords } from "./stageWords";
import type { Move } from "./usePolicyMove";
import { VERDICT } from "./verdictWords";
import { LEARNING } from "./words";

const TONES: Record<string, Tone> = {
  champion: "up",
  awaiting_approval: "warn",
  shadow: "accent",
  rejected: "down",
  rolled_back: "down",
};
const WORDS = { approve: "approve", reject: "reject", rollback: "rollBack" } as const;

type Props = {
  policy: Schema<"PolicyView">;
  champion: string;
  /** Null for who only looks on. */
  onAsk: ((move: Move) => void) | null;
  /** What opens the sheet of the verdict that judged it. */
  sheet: (verdict: string, text: ReactNode) => ReactNode;
};

export function PolicyRow({ policy, champion, onAsk, sheet }: Props) {
  const say = useWords(LEARNING);
  const its = useWords(VERDICT);
  const name = shortPolicy(policy.id);
  const known = <code title={policy.id}>{name}</code>;
  return (
    <tr data-testid="policy-row">
      <td>{policy.verdict_id ? sheet(policy.verdict_id, known) : known}</td>
      <td>
        <Pill tone={TONES[policy.stage.state] ?? "plain"}>{stateWords(policy.stage, its)}</Pill>
      </td>
      <td className="num">{policy.sharpe === null ? "—" : formatScore(policy.sharpe, 2)}</td>
      <td>{policy.stage.why}</td>
      {onAsk ? (
        <td>
          {movesOf(policy, champion).map((move) => (
            <Button
              key={move}
              variant="default"
              size="compact-xs"
              aria-label={say(`${WORDS[move]}Of`, { policy: name })}
              onClick={() => onAsk(move)}
              data-testid={`policy-${move}`}
            >
              {say(WORDS[move])}
            </Button>
          ))}
        </td>
      ) : null}
    </tr>
  );
}
