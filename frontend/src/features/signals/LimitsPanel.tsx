import type { Schema } from "@/api/types";
import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { formatQuantity, formatShare } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { isOrderWord, ORDERED } from "./orderWords";
import { SIGNAL_PAGE } from "./pageWords";
import styles from "./SignalView.module.css";
import { useExplanation } from "./useExplanation";

/** What the risk profile has cut, and the order that followed with the risk check's word on it. */
export function LimitsPanel({ signal }: { signal: Schema<"SignalView"> }) {
  const { data } = useExplanation(signal.id);
  const say = useWords(SIGNAL_PAGE);
  const ordered = useWords(ORDERED);
  const named = (name: string) => (isOrderWord(name) ? ordered(name) : name);
  if (!data) return null;
  const { wanted_gross, profile_gross, scale } = data.limits;
  const cut = wanted_gross !== undefined && profile_gross !== undefined && scale !== undefined;
  return (
    <Panel
      title={say("limits")}
      testId="signal-limits"
      status={<Freshness source={signal.bar_end} />}
    >
      <p>
        {cut
          ? say("cut", {
              wanted: formatShare(wanted_gross),
              allowed: formatShare(profile_gross),
              scale: scale.toFixed(3),
            })
          : say("uncut")}
      </p>
      <dl className={styles.facts}>
        <dt>{say("wanted")}</dt>
        <dd>{formatShare(data.weight_wanted, 2)}</dd>
        <dt>{say("after")}</dt>
        <dd>{formatShare(data.weight_after, 2)}</dd>
        <dt>{say("order")}</dt>
        <dd>
          {data.order ? (
            <>
              {named(data.order.side)} {formatQuantity(data.order.quantity)}{" "}
              <Pill tone={data.order.reason ? "warn" : "plain"}>{named(data.order.state)}</Pill>{" "}
              {data.order.reason.replaceAll("_", " ")}
            </>
          ) : (
            say("noOrder")
          )}
        </dd>
      </dl>
    </Panel>
  );
}
