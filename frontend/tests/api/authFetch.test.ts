import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authFetch } from "@/api/authFetch";
import { refresh } from "@/api/refresh";
import { useSession } from "@/api/session";

const ANSWER = {
  access_token: "new",
  token_type: "bearer",
  expires_in: 900,
  refresh_token: null,
  user: { id: "u", login: "trader1", name: "Trader", role: "trader" as const },
};

let refreshes: number;
let refreshable: boolean;
let failing: boolean;

async function server(input: Request | string): Promise<Response> {
  if (typeof input === "string") {
    refreshes++;
    if (failing) return new Response("<h1>Bad Gateway</h1>", { status: 502 });
    return refreshable ? Response.json(ANSWER) : new Response(null, { status: 401 });
  }
  const fresh = input.headers.get("Authorization") === "Bearer new";
  return fresh ? new Response(await input.text()) : new Response(null, { status: 401 });
}

const request = () => new Request("http://test/api", { method: "POST", body: "body" });

beforeEach(() => {
  refreshes = 0;
  refreshable = true;
  failing = false;
  vi.stubGlobal("fetch", vi.fn(server));
  useSession.getState().enter({ ...ANSWER, access_token: "old" });
});

afterEach(() => vi.unstubAllGlobals());

describe("a request whose token has expired", () => {
  it("is sent again with a new one, body and all", async () => {
    expect(await (await authFetch(request())).text()).toBe("body");
    expect(useSession.getState().accessToken).toBe("new");
  });

  it("refreshes once, however many ask at once", async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => authFetch(request())));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(refreshes).toBe(1);
  });

  it("signs out when there is nothing to refresh with", async () => {
    refreshable = false;
    expect((await authFetch(request())).status).toBe(401);
    expect(useSession.getState().status).toBe("out");
  });

  it("says so where nobody answers, in its place and in the refresh's", async () => {
    const away = () => Promise.reject(new TypeError("Failed to fetch"));
    vi.stubGlobal("fetch", away);
    await expect(authFetch(request())).rejects.toMatchObject({ code: "unreachable" });
    await expect(refresh()).rejects.toMatchObject({ code: "unreachable" });
  });

  it("stays signed in when the server fails at it", async () => {
    failing = true;
    await expect(authFetch(request())).rejects.toMatchObject({ code: "server_failed" });
    expect(useSession.getState().status).toBe("in");
  });
});
