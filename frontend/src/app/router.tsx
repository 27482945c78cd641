import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { refresh } from "@/api/refresh";
import { useSession } from "@/api/session";
import { deskSearch } from "./deskSearch";
import { NotFound } from "./NotFound";
import { oversees } from "./oversees";
import { Pending } from "./Pending";
import { RouteError } from "./RouteError";

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: RouteError });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: lazyRouteComponent(() => import("./LoginPage"), "LoginPage"),
});

/** Everything behind sign-in: a page that is opened afresh signs in by its cookie. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async () => {
    if (useSession.getState().status === "unknown") await refresh();
    if (useSession.getState().status !== "in") throw redirect({ to: "/login" });
  },
  component: lazyRouteComponent(() => import("./Shell"), "Shell"),
});

const desk = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: deskSearch,
  component: lazyRouteComponent(() => import("./DeskPage"), "DeskPage"),
});

const operator = createRoute({
  getParentRoute: () => shell,
  path: "/operator",
  beforeLoad: () => {
    if (!oversees(useSession.getState().user?.role)) throw redirect({ to: "/" });
  },
  component: lazyRouteComponent(() => import("./OperatorPage"), "OperatorPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([login, shell.addChildren([desk, operator])]),
  defaultPendingComponent: Pending,
  defaultPendingMs: 200,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
