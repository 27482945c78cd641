import { useId } from "react";
import { type Choice, choiceOf } from "./choice";
import styles from "./SegmentedControl.module.css";

type Props<T extends string> = {
  "aria-label": string;
  data: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
  fullWidth?: boolean;
};

/** One of a few, all in sight: radio buttons side by side, so that the arrow keys change it. */
export function SegmentedControl<T extends string>(props: Props<T>) {
  const { data, value, onChange, fullWidth = false } = props;
  const name = useId();
  return (
    <fieldset className={styles.control} data-wide={fullWidth}>
      <legend className="visually-hidden">{props["aria-label"]}</legend>
      {data.map(choiceOf).map((each) => (
        <label key={each.value} className={styles.choice}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            value={each.value}
            checked={each.value === value}
            onChange={() => onChange(each.value)}
          />
          <span>{each.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
