import { Problem } from "@/api/problem";
import { problemIn } from "@/api/problemIn";
import type { Schema } from "@/api/types";
import { serverEvents } from "@/lib/serverEvents";

export type Pair = Schema<"AnswerPair">;

/** The pairs of answers of a preview as they come. Throws a Problem when it fails or breaks off. */
export async function* readPairs(response: Response): AsyncGenerator<Pair> {
  if (!response.ok) throw await problemIn(response);
  for await (const { event, data } of serverEvents(response)) {
    if (event === "done") return;
    if (event === "error") throw new Problem(JSON.parse(data), 503);
    yield JSON.parse(data) as Pair;
  }
  throw new Problem({ code: "cut_off", detail: "The preview broke off; try it again." }, 0);
}
