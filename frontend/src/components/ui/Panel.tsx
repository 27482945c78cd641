import type { ReactNode } from "react";
import { useId } from "react";
import styles from "./Panel.module.css";

type Props = {
  title: string;
  /** Age and connection of what is shown. */
  status?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  /** It does not scroll as a whole, so that the Tab key need not stop at it. */
  still?: boolean;
  className?: string | undefined;
  testId?: string;
};

/** A titled region of a page. `flush` lets tables and charts reach its edges. */
export function Panel(props: Props) {
  const { title, status, actions, children, flush, still, className, testId } = props;
  const id = useId();
  return (
    <section
      className={`${styles.panel} ${className ?? ""}`}
      aria-labelledby={id}
      data-testid={testId}
    >
      <header className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {actions}
        <span className={styles.status}>{status}</span>
      </header>
      <div
        className={flush ? styles.flush : styles.body}
        tabIndex={flush && !still ? 0 : undefined}
      >
        {children}
      </div>
    </section>
  );
}
