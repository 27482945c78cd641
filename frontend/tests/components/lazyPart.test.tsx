import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lazyPart } from "@/components/lazyPart";
import { loadPatiently } from "@/lib/loadPatiently";

beforeEach(() => server(false));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function server(there: boolean): void {
  const answer = async () => {
    if (!there) throw new TypeError("Failed to fetch");
    return new Response(null, { status: 200 });
  };
  vi.stubGlobal("fetch", vi.fn(answer));
}

/** Fails so many times, like a file whose server is away. */
function away<T>(times: number, value: T): () => Promise<T> {
  let left = times;
  return async () => {
    if (left-- > 0) throw new TypeError("Failed to fetch dynamically imported module");
    return value;
  };
}

describe("a part that is loaded when it is shown", () => {
  it("is asked for until it comes", async () => {
    expect(await loadPatiently(away(3, "part"), [0, 0, 0])).toBe("part");
    await expect(loadPatiently(away(2, "part"), [0])).rejects.toThrow(TypeError);
  });

  it("is given up once the server is there and has it no more", async () => {
    server(true);
    const load = vi.fn(away(3, "part"));
    await expect(loadPatiently(load, [0, 0, 0])).rejects.toThrow(TypeError);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("leaves what stands beside it alone, also when its code was broken", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const Broken = lazyPart(async () => () => {
      throw new Error("no candles");
    });
    render(
      <>
        <p>positions</p>
        <Broken />
      </>,
    );
    expect((await screen.findByRole("alert")).textContent).toContain("No candles");
    expect(screen.getByText("positions")).toBeTruthy();
    vi.restoreAllMocks();
  });

  it("is shown with what it is given, and something else until then", async () => {
    const Part = lazyPart<{ name: string }>(
      away(1, ({ name }) => <p>Here is {name}</p>),
      <p>coming</p>,
    );
    render(<Part name="IBM" />);
    expect(screen.getByText("coming")).toBeTruthy();
    expect(await screen.findByText("Here is IBM")).toBeTruthy();
  });
});
