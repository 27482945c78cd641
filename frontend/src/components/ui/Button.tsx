import type { ComponentProps, MouseEvent } from "react";
import styles from "./Button.module.css";

type Props = Omit<ComponentProps<"button">, "color"> & {
  variant?: "filled" | "default" | "outline" | "subtle";
  /** `red` is for what stops or takes away. */
  color?: "accent" | "red";
  size?: "sm" | "xs" | "compact-xs";
  /** Its work is under way: it turns, and cannot be pressed again. It keeps the focus. */
  loading?: boolean;
};

export function Button({
  variant = "filled",
  color = "accent",
  size = "xs",
  loading = false,
  className = "",
  onClick,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={`${styles.button} ${className}`}
      data-variant={variant}
      data-color={color}
      data-size={size}
      data-loading={loading || undefined}
      aria-busy={loading || undefined}
      aria-disabled={loading || undefined}
      onClick={loading ? hold : onClick}
    />
  );
}

/** Also holds the form, which a key in one of its fields submits by this click. */
function hold(event: MouseEvent): void {
  event.preventDefault();
}
