import type { Schema } from "@/api/types";
import { formatPrice, formatQuantity } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import styles from "./Budgets.module.css";
import { shareSpent } from "./spent";
import { WORDS } from "./words";

/** Models cost parts of a cent. */
const dollars = (usd: string | null): string => formatPrice(usd, 4);

/** What is spent in a day or a month, of how much, and what is left; the bars say no more than that. */
export function SpendingView({ its }: { its: Schema<"Spending"> }) {
  const say = useWords(WORDS);
  const tokens = {
    spent: formatQuantity(its.tokens),
    most: formatQuantity(its.most_tokens),
    left: formatQuantity(its.left_tokens),
  };
  const usd = {
    spent: dollars(its.usd),
    most: dollars(its.most_usd),
    left: dollars(its.left_usd),
  };
  const most = its.most_usd === null ? null : Number(its.most_usd);
  return (
    <>
      <Part
        says={say(its.most_tokens === null ? "tokens" : "tokens-of", tokens)}
        share={shareSpent(its.tokens, its.most_tokens)}
      />
      <Part
        says={say(most === null ? "usd" : "usd-of", usd)}
        share={shareSpent(Number(its.usd), most)}
      />
    </>
  );
}

function Part({ says, share }: { says: string; share: number | null }) {
  return (
    <span className={styles.part}>
      {says}
      {share === null ? null : (
        <span className={styles.bar} aria-hidden="true">
          <span data-spent={share >= 1} style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </span>
  );
}
