/** What the service worker does with a request: only the page itself is ever kept. */
export type Handling = "page" | "asset" | "leave";

const FILES: ReadonlySet<string> = new Set(["/favicon.svg", "/app.json"]);

type Asked = { method: string; mode: string; url: string };

/**
 * `page`: from the network, and from what was kept only where there is none. `asset`: a built file
 * whose name changes with its content. All else, every API answer first of all, is left alone.
 */
export function handlingOf({ method, mode, url }: Asked, origin: string): Handling {
  const { origin: from, pathname } = new URL(url);
  if (method !== "GET" || from !== origin || isService(pathname)) return "leave";
  if (mode === "navigate") return "page";
  return pathname.startsWith("/assets/") || FILES.has(pathname) ? "asset" : "leave";
}

/** What the back end serves beside the page at the same origin. */
function isService(path: string): boolean {
  return /^\/(api|docs|openapi\.json|metrics|healthz|readyz|livez|startupz|v1|mcp)(\/|$)/.test(
    path,
  );
}
