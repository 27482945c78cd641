import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Problem } from "@/api/problem";
import { instructionsSearch } from "@/app/instructionsSearch";
import { AnswersPanel } from "@/features/instructions/AnswersPanel";
import { DiffTable } from "@/features/instructions/DiffTable";
import { labelsAt } from "@/features/instructions/label";
import { PairView } from "@/features/instructions/PairView";
import { type Pair, readPairs } from "@/features/instructions/readPairs";
import { useInstructionActions } from "@/features/instructions/useInstructionActions";
import type { Instructions } from "@/features/instructions/useInstructions";
import { VersionList } from "@/features/instructions/VersionList";
import { VersionPanel } from "@/features/instructions/VersionPanel";

afterEach(cleanup);

function answer(version: number, text: string, more = {}): Pair["before"] {
  const rest = { grounded: true, written_by: "m", tools: [], seconds: 1, error: "" };
  return { version, text, ...rest, ...more };
}

function pair(before: Pair["before"], after: Pair["after"]): Pair {
  return { question_id: null, question: "How much cash?", before, after };
}

function stream(text: string, status = 200): Response {
  return new Response(text, { status });
}

async function all(response: Response): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for await (const each of readPairs(response)) pairs.push(each);
  return pairs;
}

describe("a preview's stream", () => {
  const one = `event: pair\ndata: ${JSON.stringify(pair(answer(1, "a"), answer(2, "b")))}\n\n`;

  it("gives the pairs up to its end", async () => {
    const pairs = await all(stream(`${one}${one}event: done\ndata: {"pairs":2}\n\n`));
    expect(pairs.map((each) => each.after.text)).toEqual(["b", "b"]);
  });

  it.each([
    ["no pod answers", stream('event: error\ndata: {"code":"no_pod","detail":"x"}\n\n'), "no_pod"],
    ["it breaks off", stream(one), "cut_off"],
    ["it is refused", stream('{"code":"no_question","detail":"x"}', 422), "no_question"],
  ])("says so when %s", async (_what, response, code) => {
    const failed: Problem = await all(response).then(
      () => {
        throw new Error("it did not fail");
      },
      (error) => error,
    );
    expect(failed.code).toBe(code);
  });
});

describe("two answers", () => {
  it("stand once where they are the same", () => {
    render(<PairView pair={pair(answer(1, "It is 5."), answer(2, "It is 5."))} />);
    expect(screen.getAllByText("It is 5.")).toHaveLength(1);
    expect(screen.getByText("both")).toBeTruthy();
  });

  it("stand side by side where they differ, with what went wrong in its place", () => {
    const failed = answer(2, "", { error: "the pod stopped answering", grounded: false });
    render(<PairView pair={pair(answer(1, "It is 5."), failed)} />);
    expect(screen.getByText("v1")).toBeTruthy();
    expect(screen.getByText("v2")).toBeTruthy();
    expect(screen.getByText("the pod stopped answering")).toBeTruthy();
    expect(screen.queryByText("no source found")).toBeNull();
  });
});

describe("a difference", () => {
  it("is told in words beside its colour", () => {
    const lines = [
      { kind: "removed" as const, text: "Be long.", before: 1, after: null },
      { kind: "added" as const, text: "Be brief.", before: null, after: 1 },
      { kind: "same" as const, text: "Be kind.", before: 2, after: 2 },
    ];
    render(<DiffTable lines={lines} />);
    expect(screen.getByText("removed")).toBeTruthy();
    expect(screen.getByText("added")).toBeTruthy();
    expect(screen.getByText("1 line added, 1 removed")).toBeTruthy();
  });

  it("says when there is none", () => {
    render(<DiffTable lines={[{ kind: "same", text: "Be kind.", before: 1, after: 1 }]} />);
    expect(screen.getByText("The two versions do not differ.")).toBeTruthy();
  });
});

describe("the instructions' page", () => {
  it("knows a version's labels, most general first", () => {
    expect(labelsAt({ tenant: 2, production: 2, canary: 3 }, 2)).toEqual(["production", "tenant"]);
  });

  it("takes versions from the address, and nothing else", () => {
    expect(instructionsSearch({ version: "3", against: 1 })).toEqual({ version: 3, against: 1 });
    expect(instructionsSearch({ version: "x", against: -1 })).toEqual({});
  });
});

const VERSION = {
  version: 2,
  text: "Be brief.",
  created_by: "olga",
  created_at: "2026-11-22T04:00:00Z",
};
const FOUND: Instructions = {
  agent: "chatbot",
  labels: { production: 1, canary: 2 },
  canary_percent: 10,
  versions: [VERSION, { ...VERSION, version: 1, text: "Be long." }],
  next_cursor: null,
};

function Page({ operates }: { operates: boolean }) {
  const every = useInstructionActions();
  const actions = operates ? every : undefined;
  return (
    <>
      <AnswersPanel found={FOUND} readAt={1} actions={actions} />
      <VersionList found={FOUND} selected={2} readAt={1} onSelect={() => {}} />
      <VersionPanel version={VERSION} labels={FOUND.labels} actions={actions} onKept={() => {}} />
    </>
  );
}

function show(operates: boolean) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Page operates={operates} />
    </QueryClientProvider>,
  );
}

describe("who answers whom", () => {
  it("is shown to who may only look, with nothing to press", () => {
    show(false);
    expect(screen.getByText(/Answers 10 % of the users/)).toBeTruthy();
    expect(screen.getByText("no version")).toBeTruthy();
    expect(screen.queryByText("Roll back")).toBeNull();
    expect(screen.queryByTestId("promote")).toBeNull();
  });

  it("is changed from where it was seen", async () => {
    const asked: [string, unknown][] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      asked.push([new URL(request.url).pathname, await request.json()]);
      return Response.json({ label: "production", version: 2, previous: 1 });
    });
    show(true);
    fireEvent.click(screen.getByTestId("promote"));
    await waitFor(() => expect(screen.getByText("production is at version 2 now.")).toBeTruthy());
    expect(asked).toEqual([
      ["/api/v1/instructions/labels/production", { version: 2, expected: 1, reason: "" }],
    ]);
    vi.unstubAllGlobals();
  });
});
