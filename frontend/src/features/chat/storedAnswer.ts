import type { Schema } from "@/api/types";
import { type Answer, type Citation, EMPTY_ANSWER, type ToolStep } from "./answer";

/** An answer of the history, in the form of one that was streamed. */
export function storedAnswer(message: Schema<"MessageView">): Answer {
  const { citations, intents, tools, notice } = message.data;
  return {
    ...EMPTY_ANSWER,
    status: "done",
    text: message.text,
    citations: Array.isArray(citations) ? (citations as Citation[]) : [],
    notice: typeof notice === "string" ? notice : null,
    intents: Array.isArray(intents) ? (intents as { id: string }[]).map(({ id }) => id) : [],
    tools: Array.isArray(tools) ? (tools as ToolStep[]) : [],
  };
}
