import type { Schema } from "@/api/types";
import { Panel } from "@/components/ui/Panel";
import { QueryGate } from "@/components/ui/QueryGate";
import { Table } from "@/components/ui/Table";
import { formatBytes } from "@/lib/numbers";
import { useWords } from "@/lib/useWords";
import { Freshness } from "@/live/Freshness";
import { memoryByAgent } from "./memoryByAgent";
import { usePods } from "./usePods";
import { PODS } from "./words";

const AGENTS = ["trading", "learning", "chatbot"] as const;

/** What each agent holds in each pod, and in all together. */
export function MemoryPanel() {
  const query = usePods();
  const say = useWords(PODS);
  return (
    <Panel
      title={say("memory")}
      flush
      testId="memory-panel"
      status={<Freshness readAt={query.dataUpdatedAt} />}
    >
      <QueryGate query={query} what={say("memory")}>
        {({ items }) => (
          <Table
            label={say("memory")}
            head={[say("pods"), ...AGENTS.map((agent) => say(agent))]}
            numeric={[1, 2, 3]}
          >
            {rowsOf(items, say("total")).map(({ name, held }) => (
              <tr key={name}>
                <td>{name}</td>
                {AGENTS.map((agent) => (
                  <td key={agent} className="num">
                    {formatBytes(held.find((each) => each.name === agent)?.bytes ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </Table>
        )}
      </QueryGate>
    </Panel>
  );
}

/** A row for each pod, and one of all together. */
function rowsOf(items: readonly Schema<"PodView">[], total: string) {
  const pods = items.map((pod) => ({
    name: pod.pod,
    held: memoryByAgent(pod.heartbeat?.agents ?? []),
  }));
  const agents = pods.flatMap(({ held }) =>
    held.map(({ name, bytes }) => ({ name, pss_bytes: bytes, rss_bytes: bytes })),
  );
  return [...pods, { name: total, held: memoryByAgent(agents) }];
}
