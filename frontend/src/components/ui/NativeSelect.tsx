import type { ComponentProps } from "react";
import { type Choice, choiceOf } from "./choice";
import { Field } from "./Field";
import type { FieldProps } from "./field";

type Props = Omit<ComponentProps<"select">, "size" | "className" | "children"> &
  FieldProps & { data: readonly Choice[] };

/** The browser's own select: the keyboard and the phone know it. */
export function NativeSelect({ label, description, error, className, data, ...select }: Props) {
  return (
    <Field {...{ label, description, error, className: className ?? "", id: select.id }}>
      {(control) => (
        <select {...select} {...control}>
          {data.map(choiceOf).map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
