import styles from "./Logo.module.css";

/** Half day, half night. */
export function Logo() {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="8" fill="none" stroke="var(--accent)" strokeWidth="2" />
        <path d="M10 2a8 8 0 0 1 0 16z" fill="var(--accent)" />
      </svg>
      <span className={styles.name}>Shiftdesk</span>
    </span>
  );
}
