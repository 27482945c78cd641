import { Button } from "@/components/ui/Button";
import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { useOnScreen } from "@/lib/screen";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { MetricsTable } from "./MetricsTable";
import { useMetricName } from "./metricWords";
import { NumbersTable } from "./NumbersTable";
import { OutOfSamplePanel } from "./OutOfSamplePanel";
import { SheetCurves } from "./SheetCurves";
import { useSheet } from "./useSheet";
import styles from "./VerdictSheet.module.css";
import { verdictWord } from "./verdictWord";
import { VERDICT } from "./verdictWords";
import { LEARNING } from "./words";

/** A verdict's tear sheet: all that it rests on, on one page that can be linked and printed. */
export function VerdictSheet({ id }: { id: string }) {
  const query = useSheet(id);
  const night = query.data?.verdict.night;
  useOnScreen(night ? { kind: "verdict", record: id, at: night } : null);
  const say = useWords(LEARNING);
  const its = useWords(VERDICT);
  const named = useMetricName();
  return (
    <QueryGate query={query} what={say("verdict")}>
      {({ verdict, equity, ...numbers }) => {
        const age = <Freshness source={verdict.at} />;
        return (
          <div className={styles.sheet} data-testid="verdict-sheet">
            <div className={styles.head}>
              <h1 className={styles.title}>
                {verdict.policy_line} · {say("night")} {verdict.night}
              </h1>
              <Pill tone={verdict.verdict === "promoted" ? "up" : "learning"}>
                {its(verdictWord(verdict.verdict))}
              </Pill>
              {verdict.synthetic ? <Pill tone="warn">{its("synthetic")}</Pill> : null}
              <Button
                variant="default"
                size="compact-xs"
                className={styles.print ?? ""}
                onClick={() => window.print()}
              >
                {say("print")}
              </Button>
            </div>
            <p className={styles.who}>
              {say("challenger")}: <code>{verdict.challenger}</code>
              <br />
              {say("champion")}: <code>{verdict.champion}</code>
            </p>
            <OutOfSamplePanel verdict={verdict} />
            <div className={styles.columns}>
              <SheetCurves kind="equity" of={equity} at={verdict.at} />
              <SheetCurves kind="drawdown" of={equity} at={verdict.at} />
            </div>
            {(["measures", "protocol"] as const).map((part) => (
              <Panel key={part} title={say(part)} flush status={age}>
                <MetricsTable label={say(part)} metrics={numbers[part]} />
              </Panel>
            ))}
            <div className={styles.columns}>
              <Panel title={say("checks")} flush status={age}>
                <Table label={say("checks")} head={[say("check"), say("result")]}>
                  {Object.entries(verdict.checks).map(([name, passed]) => (
                    <tr key={name}>
                      <td>{named(name)}</td>
                      <td>{say(passed ? "yes" : "no")}</td>
                    </tr>
                  ))}
                </Table>
              </Panel>
              <Panel title={say("spa")} flush status={age}>
                <NumbersTable
                  label={say("spa")}
                  head={[say("benchmark"), say("probability")]}
                  numbers={verdict.spa}
                />
              </Panel>
            </div>
            <p>{say("report")}</p>
            <pre className={styles.command}>
              shiftdesk backtest --policy {verdict.challenger} --report sheet.html
            </pre>
          </div>
        );
      }}
    </QueryGate>
  );
}
