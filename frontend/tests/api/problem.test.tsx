import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { problemOf } from "@/api/problemOf";
import { unwrap } from "@/api/unwrap";
import { ErrorNote } from "@/components/ui/ErrorNote";

const BODY = {
  type: "about:blank",
  title: "Invalid request",
  status: 422,
  detail: "ends: must be after starts",
  code: "invalid_request",
  errors: [{ field: "body.ends", message: "must be after starts" }],
};

afterEach(cleanup);

describe("a problem", () => {
  it("names the fields of the form", () => {
    const problem = new Problem(BODY, 422);
    expect(problem.fields).toEqual({ ends: "must be after starts" });
    expect(problem.message).toBe("ends: must be after starts");
  });

  it("is made of whatever was thrown", () => {
    expect(problemOf(new TypeError("fetch failed")).code).toBe("unreachable");
    expect(problemOf({ detail: "no" }, 409)).toMatchObject({ status: 409, message: "no" });
    expect(problemOf(undefined, 502).message).toBe("The server answered 502.");
  });

  it("is thrown for a refusal and for a server that is away", async () => {
    const refused = { error: BODY, response: new Response(null, { status: 422 }) };
    await expect(unwrap(Promise.resolve(refused))).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(unwrap(Promise.reject(new TypeError("x")))).rejects.toMatchObject({ status: 0 });
    const fine = { data: 1, response: new Response() };
    expect(await unwrap(Promise.resolve(fine))).toBe(1);
  });

  it("is announced, with a way on", () => {
    render(
      <MantineProvider>
        <ErrorNote error={new Problem(BODY, 422)} what="Not set." onRetry={() => undefined} />
      </MantineProvider>,
    );
    expect(screen.getByRole("alert").textContent).toContain("Ends: must be after starts");
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });
});
