import type { ReactNode } from "react";
import { useWords } from "@/lib/useWords";
import styles from "./Table.module.css";
import { WORDS } from "./words";

type Props = {
  label: string;
  head: readonly string[];
  numeric?: readonly number[];
  children: ReactNode;
};

/** A dense table. `numeric` names the columns that align right. The head stays while rows scroll. */
export function Table({ label, head, numeric = [], children }: Props) {
  const say = useWords(WORDS);
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {head.map((name, column) => (
            <th key={name} scope="col" className={numeric.includes(column) ? styles.number : ""}>
              {name || <span className="visually-hidden">{say("actions")}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
