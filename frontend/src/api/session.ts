import { create } from "zustand";
import type { components } from "./schema";

export type User = components["schemas"]["UserView"];

type Session = {
  /** `unknown` until the first refresh has answered. */
  status: "unknown" | "in" | "out";
  accessToken: string | null;
  user: User | null;
  enter: (answer: components["schemas"]["TokenAnswer"]) => void;
  leave: () => void;
};

/** Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie. */
export const useSession = create<Session>()((set) => ({
  status: "unknown",
  accessToken: null,
  user: null,
  enter: (answer) => set({ status: "in", accessToken: answer.access_token, user: answer.user }),
  leave: () => set({ status: "out", accessToken: null, user: null }),
}));
