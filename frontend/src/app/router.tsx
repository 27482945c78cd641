import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { refresh } from "@/api/refresh";
import { useSession } from "@/api/session";
import { loadPatiently } from "@/lib/loadPatiently";
import { auditSearch } from "./auditSearch";
import { deskSearch } from "./deskSearch";
import { instructionsSearch } from "./instructionsSearch";
import { learningSearch } from "./learningSearch";
import { NotFound } from "./NotFound";
import { Pending } from "./Pending";
import { homeOf, mayOpen } from "./pages";
import { podsSearch } from "./podsSearch";
import { RouteError } from "./RouteError";
import { signalsSearch } from "./signalsSearch";
import { usageSearch } from "./usageSearch";
import { whichDesk } from "./whichDesk";

/** A page whose code comes when it is opened, or once the server is there again. */
const page: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => loadPatiently(load), name);

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: RouteError });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: page(() => import("./LoginPage"), "LoginPage"),
});

/** Everything behind sign-in: a page that is opened afresh signs in by its cookie. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ location }) => {
    if (useSession.getState().status === "unknown") await refresh();
    const { status, user } = useSession.getState();
    if (status !== "in") throw redirect({ to: "/login" });
    if (!mayOpen(location.pathname, user?.role)) throw redirect({ to: homeOf(user?.role) });
  },
  component: page(() => import("./Shell"), "Shell"),
});

const desk = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: deskSearch,
  component: page(() => import("./DeskPage"), "DeskPage"),
});

const operator = createRoute({
  getParentRoute: () => shell,
  path: "/operator",
  component: page(() => import("./OperatorPage"), "OperatorPage"),
});

const schedule = createRoute({
  getParentRoute: () => shell,
  path: "/schedule",
  component: page(() => import("./SchedulePage"), "SchedulePage"),
});

const signals = createRoute({
  getParentRoute: () => shell,
  path: "/signals",
  validateSearch: signalsSearch,
  component: page(() => import("./SignalsPage"), "SignalsPage"),
});

const signal = createRoute({
  getParentRoute: () => shell,
  path: "/signals/$id",
  component: page(() => import("./SignalPage"), "SignalPage"),
});

const verdict = createRoute({
  getParentRoute: () => shell,
  path: "/learning/verdicts/$id",
  component: page(() => import("./VerdictPage"), "VerdictPage"),
});

const learning = createRoute({
  getParentRoute: () => shell,
  path: "/learning",
  validateSearch: learningSearch,
  component: page(() => import("./LearningPage"), "LearningPage"),
});

const pods = createRoute({
  getParentRoute: () => shell,
  path: "/pods",
  validateSearch: podsSearch,
  component: page(() => import("./PodsPage"), "PodsPage"),
});

const instructions = createRoute({
  getParentRoute: () => shell,
  path: "/instructions",
  validateSearch: instructionsSearch,
  component: page(() => import("./InstructionsPage"), "InstructionsPage"),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  validateSearch: auditSearch,
  component: page(() => import("./AuditPage"), "AuditPage"),
});

const usage = createRoute({
  getParentRoute: () => shell,
  path: "/usage",
  validateSearch: usageSearch,
  component: page(() => import("./UsagePage"), "UsagePage"),
});

const keys = createRoute({
  getParentRoute: () => shell,
  path: "/keys",
  validateSearch: whichDesk,
  component: page(() => import("./KeysPage"), "KeysPage"),
});

const users = createRoute({
  getParentRoute: () => shell,
  path: "/users",
  component: page(() => import("./UsersPage"), "UsersPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    shell.addChildren([
      desk,
      signals,
      signal,
      operator,
      schedule,
      learning,
      verdict,
      pods,
      instructions,
      audit,
      usage,
      keys,
      users,
    ]),
  ]),
  defaultPendingComponent: Pending,
  defaultPendingMs: 200,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
