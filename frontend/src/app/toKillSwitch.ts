import type { UseNavigateResult } from "@tanstack/react-router";
import { focusOn } from "./focusOn";

/** Opens the desk and puts the focus on the kill switch. It is never pulled by this. */
export async function toKillSwitch(navigate: UseNavigateResult<string>): Promise<void> {
  await navigate({ to: "/" });
  focusOn("killswitch");
}
