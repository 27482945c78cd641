import { type ReactNode, useId } from "react";
import styles from "./Field.module.css";
import type { FieldProps } from "./field";

type Control = {
  id: string;
  className: string | undefined;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
};

type Props = FieldProps & { id?: string | undefined; children: (control: Control) => ReactNode };

/** A control with its label, and with what is wrong with it where a screen reader hears it. */
export function Field({ id, label, description, error, className = "", children }: Props) {
  const made = useId();
  const name = id ?? made;
  const notes = [description && `${name}-description`, error && `${name}-error`].filter(Boolean);
  return (
    <div className={`${styles.field} ${className}`}>
      {label ? (
        <label htmlFor={name} className={styles.label}>
          {label}
        </label>
      ) : null}
      {description ? (
        <p id={`${name}-description`} className={styles.description}>
          {description}
        </p>
      ) : null}
      {children({
        id: name,
        className: styles.control,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": notes.join(" ") || undefined,
      })}
      {error ? (
        <p id={`${name}-error`} className={styles.error}>
          {error}
        </p>
      ) : null}
    </div>
  );
}
