import styles from "./Message.module.css";

export function Pending() {
  return (
    <p className={styles.message} role="status">
      Loading…
    </p>
  );
}
