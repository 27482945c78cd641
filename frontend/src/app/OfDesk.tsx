import type { ReactNode } from "react";
import { useSession } from "@/api/session";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { Note } from "@/components/ui/Note";
import { QueryGate } from "@/components/ui/QueryGate";
import { useWords } from "@/lib/useWords";
import { oversees } from "./oversees";
import { useDesks } from "./useDesks";
import { WORDS } from "./words";

type Props = {
  /** The desk that the address names. */
  named: string | undefined;
  onName: (desk: string) => void;
  /** `desk` is another desk than one's own. */
  children: (desk: string | undefined) => ReactNode;
};

/** What is about one desk: a trader's own, or for who oversees any, the first unless one is chosen. */
export function OfDesk({ named, onName, children }: Props) {
  const say = useWords(WORDS);
  const watches = useSession((state) => oversees(state.user?.role));
  const query = useDesks(watches);
  if (!watches) return children(undefined);
  return (
    <QueryGate query={query} what={say("desks")}>
      {(desks) => {
        const desk = desks.find((each) => each.id === named) ?? desks[0];
        if (!desk) return <Note>{say("no-desks")}</Note>;
        return (
          <>
            <NativeSelect
              label={say("desk")}
              data={desks.map((each) => ({ value: each.id, label: each.name }))}
              value={desk.id}
              onChange={({ target }) => onName(target.value)}
              data-testid="desk-select"
            />
            {children(desk.id)}
          </>
        );
      }}
    </QueryGate>
  );
}
