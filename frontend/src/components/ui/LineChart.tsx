import type { ReactNode } from "react";
import { domainOf, linePath, type XY, yIn } from "@/lib/linePath";
import styles from "./LineChart.module.css";

export type Line = {
  name: string;
  points: readonly XY[];
  /** Told apart by dashes and width as well as by colour; `faint` ones stand in no legend. */
  look: "main" | "other" | "third" | "faint";
};

type Props = {
  label: string;
  lines: readonly Line[];
  /** A value to compare with, drawn across. */
  reference?: number;
  formatX: (x: number) => string;
  formatY: (y: number) => string;
  /** The same numbers as a table. */
  twin?: ReactNode;
  twinLabel: string;
  empty: string;
};

/** A drawing of lines over one axis, with its numbers as a table for who cannot see it. */
export function LineChart(props: Props) {
  const { label, lines, reference, formatX, formatY, twin, twinLabel, empty } = props;
  const all = lines.flatMap((line) => line.points);
  const domain = domainOf(all, reference === undefined ? [] : [reference]);
  if (!domain) return <p className={styles.empty}>{empty}</p>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no element for a drawing
    <figure className={styles.figure} role="group" aria-label={label}>
      <div className={styles.plot}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {reference === undefined ? null : (
            <line
              x1="0"
              x2="100"
              y1={yIn(reference, domain)}
              y2={yIn(reference, domain)}
              className={styles.reference}
            />
          )}
          {lines.map((line) => (
            <path
              key={line.name}
              d={linePath(line.points, domain)}
              className={styles.line}
              data-look={line.look}
            />
          ))}
        </svg>
        <span className={styles.high}>{formatY(domain.high)}</span>
        <span className={styles.low}>{formatY(domain.low)}</span>
      </div>
      <p className={styles.axis}>
        <span>{formatX(domain.left)}</span>
        <span className={styles.legend}>
          {lines
            .filter((line) => line.look !== "faint")
            .map((line) => (
              <span key={line.name} className={styles.key} data-look={line.look}>
                {line.name}
              </span>
            ))}
        </span>
        <span>{formatX(domain.right)}</span>
      </p>
      {twin ? (
        <details className={styles.twin}>
          <summary>{twinLabel}</summary>
          {twin}
        </details>
      ) : null}
    </figure>
  );
}
