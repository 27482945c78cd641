import { Link } from "@tanstack/react-router";
import styles from "./Message.module.css";

/** For people who run the platform and trade nothing. */
export function NoDesk() {
  return (
    <div className={styles.message}>
      <p>
        This account has no desk. <Link to="/operator">Go to the operator's page</Link>
      </p>
    </div>
  );
}
