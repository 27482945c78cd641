import type { ReactNode } from "react";
import styles from "./Table.module.css";

type Props = {
  label: string;
  head: readonly string[];
  numeric?: readonly number[];
  children: ReactNode;
};

/** A dense table. `numeric` names the columns that align right. The head stays while rows scroll. */
export function Table({ label, head, numeric = [], children }: Props) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {head.map((name, column) => (
            <th key={name} scope="col" className={numeric.includes(column) ? styles.number : ""}>
              {name || <span className="visually-hidden">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
