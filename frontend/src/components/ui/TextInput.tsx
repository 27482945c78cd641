import type { ComponentProps } from "react";
import { Field } from "./Field";
import type { FieldProps } from "./field";

type Props = Omit<ComponentProps<"input">, "size" | "className"> &
  FieldProps & { size?: "xs" | "sm" };

export function TextInput({ label, description, error, className, size = "xs", ...input }: Props) {
  return (
    <Field {...{ label, description, error, className: className ?? "", id: input.id }}>
      {(control) => <input type="text" data-size={size} {...input} {...control} />}
    </Field>
  );
}
