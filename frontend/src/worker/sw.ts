/// <reference lib="webworker" />
import { handlingOf } from "./handling";

/** The service worker: the page opens without a network, and says then that its data is away. */
declare const self: ServiceWorkerGlobalScope;

const CACHE = "shiftdesk-shell-1";
const PAGE = "/";
const MOST = 150;

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const handling = handlingOf(event.request, self.location.origin);
  if (handling === "page") event.respondWith(page(event.request));
  if (handling === "asset") event.respondWith(asset(event.request));
});

/** `shell.json` is written by the build: the page and what it needs to start. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  const files: string[] = await (await fetch("/shell.json", { cache: "no-cache" })).json();
  await cache.addAll([PAGE, ...files]);
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

async function page(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) await put(PAGE, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await put(request, response.clone());
  return response;
}

/** Keeps a file; those kept longest, which newer builds do not have, make room. */
async function put(request: RequestInfo, response: Response): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(old);
}
