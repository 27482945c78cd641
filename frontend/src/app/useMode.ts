import { useSession } from "@/api/session";
import { useLive } from "@/live/store";
import { oversees } from "./oversees";
import { useDesk } from "./useDesk";
import { useDesks } from "./useDesks";

/** How the person's desk trades; for who oversees, how many desks of the organisation trade live. */
export type Mode = { kind: "paper" | "live" | "unknown"; desks?: number };

export function useMode(): Mode {
  const watches = useSession((state) => oversees(state.user?.role));
  const streamed = useLive((state) => state.desk?.mode);
  const desk = useDesk(!watches);
  const all = useDesks(watches).data;
  if (watches) return overseen(all?.filter((each) => each.mode !== "paper").length);
  return { kind: kindOf(desk.data?.mode ?? streamed) };
}

function overseen(live: number | undefined): Mode {
  if (live === undefined) return { kind: "unknown" };
  return live ? { kind: "live", desks: live } : { kind: "paper" };
}

function kindOf(mode: string | undefined): Mode["kind"] {
  if (mode === undefined) return "unknown";
  return mode === "paper" ? "paper" : "live";
}
