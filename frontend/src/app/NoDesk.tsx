import { Link } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import styles from "./Message.module.css";
import { oversees } from "./oversees";

/** For people who oversee the platform and trade nothing. */
export function NoDesk() {
  const role = useSession((state) => state.user?.role);
  return (
    <div className={styles.message}>
      <p>
        This account has no desk.{" "}
        {oversees(role) ? <Link to="/operator">Go to the operator's page</Link> : null}
      </p>
    </div>
  );
}
