import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { problemIn } from "@/api/problemIn";
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
    const files = [
      "Failed to fetch dynamically imported module: https://a/b.js",
      "error loading dynamically imported module: https://a/b.js",
      "Importing a module script failed.",
    ];
    for (const file of files) expect(problemOf(new TypeError(file)).code).toBe("unreachable");
    expect(problemOf(new TypeError("x is not a function")).code).toBe("unknown");
    const conflict = new Response(null, { status: 409, headers: { "X-Request-Id": "req_1" } });
    expect(problemOf({ detail: "no" }, conflict)).toMatchObject({
      status: 409,
      message: "no",
      request: "req_1",
    });
  });

  it("is no page of a proxy, which answers for a server that is away", async () => {
    const page = "<html><h1>502 Bad Gateway</h1></html>";
    const response = new Response(page, { status: 502 });
    const said = { status: 502, code: "server_failed", message: "The server answered 502." };
    expect(problemOf(page, response)).toMatchObject(said);
    expect(await problemIn(response)).toMatchObject(said);
    render(<ErrorNote error={problemOf(page, response)} />);
    expect(screen.getByRole("alert").textContent).toMatch(/HTTP 502.*Try again/);
  });

  it("is thrown for a refusal and for a server that is away", async () => {
    const refused = { error: BODY, response: new Response(null, { status: 422 }) };
    await expect(unwrap(Promise.resolve(refused))).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(unwrap(Promise.reject(new TypeError("x")))).rejects.toMatchObject({
      code: "unreachable",
    });
    const fine = { data: 1, response: new Response() };
    expect(await unwrap(Promise.resolve(fine))).toBe(1);
  });

  it("is announced, with a way on", () => {
    render(<ErrorNote error={new Problem(BODY, 422)} what="Not set." onRetry={() => undefined} />);
    expect(screen.getByRole("alert").textContent).toContain("Ends: must be after starts");
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });

  it("that nobody expected comes with what the log knows it by", () => {
    const body = { code: "internal_error", detail: "Something here went wrong" };
    render(<ErrorNote error={new Problem(body, 500, "req_9")} />);
    expect(screen.getByRole("alert").textContent).toMatch(/operator.*internal_error · req_9/);
  });
});
