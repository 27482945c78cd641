import { formatBytes } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import styles from "./MemoryBar.module.css";
import type { Held } from "./memoryByAgent";
import { PODS } from "./words";

/** A pod's memory in stretches, an agent each; the rows below say the same in numbers. */
export function MemoryBar({ pod, held }: { pod: string; held: readonly Held[] }) {
  const say = useWords(PODS);
  const total = held.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total === 0) return null;
  const parts = held.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(", ");
  return (
    <div
      role="img"
      className={styles.bar}
      aria-label={say("memoryOf", { pod, parts })}
      title={parts}
      data-testid="memory-bar"
    >
      {held.map(({ name, bytes }) => (
        <span
          key={name}
          className={styles.part}
          data-agent={name}
          style={{ width: `${(bytes / total) * 100}%` }}
        />
      ))}
    </div>
  );
}
