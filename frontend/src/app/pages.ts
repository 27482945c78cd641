import type { User } from "@/api/session";
import { oversees } from "./oversees";

type Role = User["role"] | undefined;

/** A page behind sign-in. `name` is its word in the catalogue, `key` what follows `g` to open it. */
export type Page = {
  path:
    | "/"
    | "/signals"
    | "/keys"
    | "/learning"
    | "/schedule"
    | "/pods"
    | "/operator"
    | "/instructions"
    | "/audit"
    | "/usage"
    | "/users";
  name:
    | "desk"
    | "signals"
    | "keys"
    | "learning"
    | "schedule"
    | "pods"
    | "operator"
    | "instructions"
    | "audit"
    | "usage"
    | "users";
  key: string;
  for: (role: Role) => boolean;
};

const everybody = (): boolean => true;

/** Every page, in the order of the navigation. Routes stand in `router.tsx`. */
export const PAGES: readonly Page[] = [
  { path: "/", name: "desk", key: "d", for: (role) => role === "trader" },
  { path: "/operator", name: "operator", key: "o", for: oversees },
  { path: "/signals", name: "signals", key: "i", for: everybody },
  { path: "/schedule", name: "schedule", key: "s", for: everybody },
  { path: "/learning", name: "learning", key: "l", for: everybody },
  { path: "/pods", name: "pods", key: "p", for: oversees },
  { path: "/instructions", name: "instructions", key: "n", for: oversees },
  {
    path: "/audit",
    name: "audit",
    key: "a",
    for: (role) => role === "operator" || role === "risk",
  },
  { path: "/usage", name: "usage", key: "u", for: oversees },
  { path: "/keys", name: "keys", key: "k", for: everybody },
  { path: "/users", name: "users", key: "e", for: (role) => role === "operator" },
];

export function pagesFor(role: Role): Page[] {
  return PAGES.filter((page) => page.for(role));
}

/** Whether a role may open a path. A path that is no page of the list is left to its route. */
export function mayOpen(path: string, role: Role): boolean {
  return PAGES.find((page) => page.path === path)?.for(role) ?? true;
}

/** Where a role begins. */
export function homeOf(role: Role): "/" | "/operator" {
  return oversees(role) ? "/operator" : "/";
}
