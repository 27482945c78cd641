import type { Answer, Citation, Fact } from "./answer";

type Data = Record<string, unknown>;

/** The answer after one event of its run. Unknown kinds change nothing: newer servers may send some. */
export function reduceAnswer(answer: Answer, kind: string, data: Data): Answer {
  switch (kind) {
    case "step":
      return stepped(answer, text(data.name), data.restart === true);
    case "token":
      return { ...answer, text: answer.text + text(data.text) };
    case "tool": {
      const facts = Array.isArray(data.facts) ? (data.facts as Fact[]) : [];
      return { ...answer, tools: [...answer.tools, { name: text(data.name), facts }] };
    }
    case "citation":
      return { ...answer, citations: [...answer.citations, data as Citation] };
    case "confirm":
      return { ...answer, intents: [...new Set([...answer.intents, text(data.id)])] };
    case "error":
      return failed(answer, data);
    case "done":
      return {
        ...answer,
        status: "done",
        text: text(data.text) || answer.text,
        notice: text(data.notice) || null,
      };
    default:
      return answer;
  }
}

/**
 * `restart` takes back the words so far. `restarted`: another pod begins the answer anew, and all
 * that the first one said is forgotten.
 */
function stepped(answer: Answer, name: string, restart: boolean): Answer {
  const steps = [...answer.steps, name];
  if (name === "restarted")
    return { ...answer, steps, text: "", tools: [], citations: [], intents: [] };
  return restart ? { ...answer, steps, text: "" } : { ...answer, steps };
}

function failed(answer: Answer, data: Data): Answer {
  const status = data.code === "cancelled" ? "cancelled" : "failed";
  return { ...answer, status, error: text(data.detail) || text(data.code) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
