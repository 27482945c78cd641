import type { ComponentProps } from "react";
import styles from "./IconButton.module.css";

type Props = ComponentProps<"button"> & { label: string };

/** A button that shows a drawing; `label` says what it does. */
export function IconButton({ label, className = "", ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles.button} ${className}`}
      aria-label={label}
      title={rest.title ?? label}
    />
  );
}
