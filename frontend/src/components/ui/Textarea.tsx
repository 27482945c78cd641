import type { ComponentProps } from "react";
import { Field } from "./Field";
import type { FieldProps } from "./field";

type Props = Omit<ComponentProps<"textarea">, "className"> & FieldProps;

export function Textarea({ label, description, error, className, ...area }: Props) {
  return (
    <Field {...{ label, description, error, className: className ?? "", id: area.id }}>
      {(control) => <textarea rows={4} {...area} {...control} />}
    </Field>
  );
}
