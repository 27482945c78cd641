import { useSession } from "@/api/session";
import type { Schema } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Pill } from "@/components/ui/Pill";
import { formatInstant } from "@/lib/time";
import { useWords } from "@/lib/useWords";
import { useZone } from "@/lib/useZone";
import { WORDS } from "./words";

type Props = { account: Schema<"PersonView">; onChange: () => void };

export function UserRow({ account, onChange }: Props) {
  const say = useWords(WORDS);
  const zone = useZone();
  const own = useSession((state) => state.user?.id === account.id);
  const { login, disabled_at: at } = account;
  const act = at === null ? "disable" : "enable";
  return (
    <tr data-testid="user-row">
      <td>{login}</td>
      <td>{account.name}</td>
      <td>{account.role}</td>
      <td>{formatInstant(account.created_at, zone, "full")}</td>
      <td>
        <Pill tone={at ? "down" : "up"}>
          {at ? say("disabled-at", { instant: formatInstant(at, zone, "full") }) : say("enabled")}
        </Pill>
      </td>
      <td>
        {own ? (
          say("own")
        ) : (
          <Button
            variant="default"
            size="compact-xs"
            aria-label={say(`${act}-of`, { login })}
            onClick={onChange}
          >
            {say(act)}
          </Button>
        )}
      </td>
    </tr>
  );
}
