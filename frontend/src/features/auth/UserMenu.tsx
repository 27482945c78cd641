import { Button } from "@mantine/core";
import { useSession } from "@/api/session";
import { signOut } from "./signOut";
import styles from "./UserMenu.module.css";

export function UserMenu() {
  const user = useSession((state) => state.user);
  if (!user) return null;
  return (
    <span className={styles.user}>
      <span title={`${user.login}, ${user.role}`}>{user.name || user.login}</span>
      <Button variant="subtle" color="gray" size="compact-xs" onClick={() => void signOut()}>
        Sign out
      </Button>
    </span>
  );
}
