import { signOf } from "@/lib/numbers";
import styles from "./Signed.module.css";

type Props = { value: string | number | null | undefined; children: string };

/** A signed figure. The text carries the sign, so that colour is never alone. */
export function Signed({ value, children }: Props) {
  const tone = ["down", "even", "up"][signOf(value) + 1];
  return <span className={styles[tone ?? "even"]}>{children}</span>;
}
