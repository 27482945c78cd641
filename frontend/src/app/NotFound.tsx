import { Link } from "@tanstack/react-router";
import styles from "./Message.module.css";

export function NotFound() {
  return (
    <main className={styles.message}>
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped. <Link to="/">Go to the desk</Link>
      </p>
    </main>
  );
}
