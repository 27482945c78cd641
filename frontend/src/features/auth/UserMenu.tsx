import type { ReactNode } from "react";
import { useSession } from "@/api/session";
import { Button } from "@/components/ui/Button";
import { useWords } from "@/lib/useWords";
import { signOut } from "./signOut";
import styles from "./UserMenu.module.css";
import { WORDS } from "./words";

const ID = "user-menu";

/** Who is signed in; opens to what is handed in, and to the way out. */
export function UserMenu({ children }: { children: ReactNode }) {
  const user = useSession((state) => state.user);
  const say = useWords(WORDS);
  if (!user) return null;
  const name = user.name || user.login;
  return (
    <>
      <Button
        variant="subtle"
        size="compact-xs"
        popoverTarget={ID}
        aria-label={say("menu-of", { name })}
        data-testid="user-menu"
      >
        {name} ▾
      </Button>
      <div id={ID} popover="auto" className={styles.menu}>
        <p className={styles.who}>
          {user.login}, {user.role}
        </p>
        {children}
        <Button variant="default" onClick={() => void signOut()} data-testid="sign-out">
          {say("leave")}
        </Button>
      </div>
    </>
  );
}
