import { LineChart } from "@/components/ui/LineChart";
import { Note } from "@/components/ui/Note";
import { Panel } from "@/components/ui/Panel";
import { Pill } from "@/components/ui/Pill";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { formatShare } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { cumulative } from "./cumulative";
import { shortPolicy } from "./shortPolicy";
import { useReports } from "./useReports";
import { LEARNING } from "./words";

/** The newest replay: what a policy would have earned over sessions that nobody knew. */
export function ShadowPanel({ line }: { line: string }) {
  const query = useReports(line);
  const say = useWords(LEARNING);
  return (
    <Panel
      title={say("shadow")}
      testId="shadow-panel"
      status={<Freshness source={query.data?.items[0]?.at} readAt={query.dataUpdatedAt} />}
    >
      <QueryGate query={query} what={say("shadow")}>
        {({ items: [report] }) => {
          if (!report) return <Note>{say("noShadow")}</Note>;
          const grown = cumulative(report.by_session);
          const first = { x: 0, y: 0 };
          const of = (name: "policy" | "against") => [
            first,
            ...grown.map((each, index) => ({ x: index + 1, y: each[name] })),
          ];
          const names = [
            `${say("policy")} ${shortPolicy(report.policy)}`,
            `${say("other")} ${shortPolicy(report.against)}`,
          ];
          return (
            <>
              <p>
                <Pill tone={report.refuted ? "down" : "plain"}>
                  {say(report.refuted ? "refuted" : "standing")}
                </Pill>{" "}
                {report.sentence}
              </p>
              <LineChart
                label={say("replay", { day: grown[0]?.day ?? "" })}
                lines={[
                  { name: names[0] ?? "", points: of("policy"), look: "main" },
                  { name: names[1] ?? "", points: of("against"), look: "other" },
                ]}
                reference={0}
                formatX={(x) => grown[Math.round(x) - 1]?.day ?? "0"}
                formatY={(y) => formatShare(y, 2)}
                empty={say("noShadow")}
                twinLabel={say("asTable")}
                twin={
                  <Table
                    label={say("shadow")}
                    head={[say("session"), say("policy"), say("other")]}
                    numeric={[1, 2]}
                  >
                    {grown.map((each) => (
                      <tr key={each.day}>
                        <td>{each.day}</td>
                        <td className="num">{formatShare(each.policy, 2)}</td>
                        <td className="num">{formatShare(each.against, 2)}</td>
                      </tr>
                    ))}
                  </Table>
                }
              />
            </>
          );
        }}
      </QueryGate>
    </Panel>
  );
}
