/** A chat turn as it streams in. */
export type ToolStep = { name: string; facts: Fact[] };

export type Fact = {
  id: string;
  label: string;
  value: string;
  unit: string;
  as_of: string;
  source: string;
};

export type Citation = { id: string; title: string; source: string; excerpt: string };

export type Answer = {
  status: "streaming" | "done" | "failed" | "cancelled";
  text: string;
  steps: string[];
  tools: ToolStep[];
  citations: Citation[];
  error: string | null;
};

export const EMPTY_ANSWER: Answer = {
  status: "streaming",
  text: "",
  steps: [],
  tools: [],
  citations: [],
  error: null,
};
