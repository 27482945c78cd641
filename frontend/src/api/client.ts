import createClient, { type Middleware } from "openapi-fetch";
import { uuid } from "@/lib/uuid";
import { authFetch } from "./authFetch";
import type { paths } from "./schema";

const SAFE = new Set(["GET", "HEAD"]);

const idempotency: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("Idempotency-Key", uuid());
    return request;
  },
};

/** The API, typed by its own description. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: authFetch });

api.use(idempotency);
