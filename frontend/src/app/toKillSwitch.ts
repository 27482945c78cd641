import type { UseNavigateResult } from "@tanstack/react-router";
import { focusOn } from "./focusOn";

/**
 * Opens the desk, which stays as it is where it is open, and puts the focus on the kill switch. It is
 * never pulled by this.
 */
export async function toKillSwitch(navigate: UseNavigateResult<string>): Promise<void> {
  if (location.pathname !== "/") await navigate({ to: "/" });
  focusOn("killswitch");
}
