import type { ReactNode } from "react";

/** What every field of a form has beside its control. Without a label it needs an `aria-label`. */
export type FieldProps = {
  label?: ReactNode;
  /** A line below the label that says what to put in. */
  description?: ReactNode;
  /** What is wrong with the value, said at the field. */
  error?: ReactNode;
  className?: string;
};
