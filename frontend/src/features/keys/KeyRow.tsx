import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Pill } from "@/components/ui/Pill";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { WORDS } from "./words";

type Props = { its: Schema<"KeyView">; onRevoke: (() => void) | null };

const TONES = { active: "up", expired: "plain", revoked: "down" } as const;

export function KeyRow({ its, onRevoke }: Props) {
  const say = useWords(WORDS);
  const zone = useZone();
  const at = (instant: string | null) => formatInstant(instant, zone, "full");
  const until = its.state === "revoked" ? its.revoked_at : its.expires_at;
  return (
    <tr data-testid="key-row">
      <td>{its.name}</td>
      <td>
        <code>{its.prefix}…</code>
      </td>
      <td>{its.scopes.map((scope) => say(`scope-${scope}`)).join(", ")}</td>
      <td>
        <Pill tone={TONES[its.state]}>{say(its.state, { at: at(until) })}</Pill>
      </td>
      <td>{at(its.created_at)}</td>
      <td>{its.last_used_at ? at(its.last_used_at) : say("never")}</td>
      <td>
        {its.state === "active" && onRevoke ? (
          <Button
            variant="default"
            size="compact-xs"
            aria-label={say("revoke-of", { name: its.name })}
            onClick={onRevoke}
          >
            {say("revoke")}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
