/** A chat turn as it streams in. */
export type ToolStep = { name: string; facts: Fact[] };

export type Fact = {
  id: string;
  label: string;
  value: string;
  unit: string;
  as_of: string;
  source: string;
  /** Its source should have told it anew by the time of the answer. */
  stale?: boolean;
};

export type Citation = { id: string; title: string; source: string; excerpt: string };

export type Answer = {
  status: "streaming" | "done" | "failed" | "cancelled";
  text: string;
  steps: string[];
  tools: ToolStep[];
  citations: Citation[];
  /** The ids of what was prepared, for the person to confirm. */
  intents: string[];
  error: string | null;
  /** For the reader, beside the answer: why no model wrote it, and until when. */
  notice: string | null;
};

export const EMPTY_ANSWER: Answer = {
  status: "streaming",
  text: "",
  steps: [],
  tools: [],
  citations: [],
  intents: [],
  error: null,
  notice: null,
};
