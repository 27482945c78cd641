import { NativeSelect } from "@/components/ui/NativeSelect";
import { useWords } from "@/lib/useWords";
import type { PodFilter } from "./filterPods";
import styles from "./PodsPanel.module.css";
import { PODS } from "./words";

type Props = {
  pools: readonly string[];
  filter: PodFilter;
  onFilter: (filter: PodFilter) => void;
};

/** Which pods are shown: by pool, phase and state. */
export function PodFilters({ pools, filter, onFilter }: Props) {
  const say = useWords(PODS);
  const all = { value: "", label: say("all") };
  const choices = {
    pool: pools.map((pool) => ({ value: pool, label: pool })),
    phase: (["trading", "learning", "paused"] as const).map((phase) => ({
      value: phase,
      label: say(phase),
    })),
    state: (["ready", "starting", "draining", "silent"] as const).map((state) => ({
      value: state,
      label: say(state),
    })),
  };
  const choose = (name: keyof PodFilter, value: string) => {
    const { [name]: _, ...rest } = filter;
    onFilter(value ? { ...rest, [name]: value } : rest);
  };
  return (
    <div className={styles.filters}>
      {(["pool", "phase", "state"] as const).map((name) => (
        <NativeSelect
          key={name}
          label={say(name)}
          data={[all, ...choices[name]]}
          value={filter[name] ?? ""}
          onChange={({ target }) => choose(name, target.value)}
        />
      ))}
    </div>
  );
}
