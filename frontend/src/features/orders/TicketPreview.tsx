import type { Schema } from "@/api/types";
import { usePrices } from "@/api/usePrices";
import { formatMoney, formatQuantity, formatShare } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { reasonWord } from "./denial";
import { RISK } from "./riskWords";
import styles from "./TicketPreview.module.css";

type Props = { instrument: string; preview: Schema<"OrderPreview"> };

/** What the risk check would say, and how near the order comes to the desk's limits. */
export function TicketPreview({ instrument, preview }: Props) {
  const say = useWords(RISK);
  const price = usePrices();
  const { allowed, value, held } = preview;
  const reason = reasonWord(preview.reason);
  return (
    <section
      className={styles.preview}
      aria-label={say("preview")}
      data-allowed={allowed}
      data-testid="order-preview"
    >
      <p role="status">
        {allowed ? `✓ ${say("passes")}` : `✕ ${say("denies")} ${reason ? say(reason) : ""}`}
      </p>
      {allowed ? null : <p className={styles.detail}>{preview.detail}</p>}
      {value === null ? null : (
        <p className={styles.detail}>
          {say("worth", {
            value: formatMoney(value),
            price: price(instrument, preview.price),
            held: formatQuantity(held),
          })}
        </p>
      )}
      {preview.figures.length > 0 ? (
        <table className={styles.table}>
          <thead>
            <tr>
              {(["figure", "before", "after", "most"] as const).map((key) => (
                <th key={key} scope="col">
                  {say(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.figures.map((figure) => (
              <tr key={figure.name} data-over={Number(figure.after ?? 0) > Number(figure.limit)}>
                <th scope="row">{say(figure.name)}</th>
                <td>{shown(figure, figure.before)}</td>
                <td>{shown(figure, figure.after)}</td>
                <td>{shown(figure, figure.limit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <p className={styles.detail}>{say("checked")}</p>
    </section>
  );
}

/** Shares as percent; concentration is a sum of squares and stays a number. */
function shown(figure: Schema<"RiskFigure">, value: string | null): string {
  if (value === null) return "—";
  return figure.name === "concentration" ? formatQuantity(value) : formatShare(Number(value));
}
