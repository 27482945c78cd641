import { UsersPanel } from "@/features/users/UsersPanel";
import { useWords } from "@/lib/useWords";
import { WORDS } from "./words";

/** Who may sign in. */
export function UsersPage() {
  const say = useWords(WORDS);
  return (
    <>
      <h1 className="visually-hidden">{say("users")}</h1>
      <UsersPanel />
    </>
  );
}
