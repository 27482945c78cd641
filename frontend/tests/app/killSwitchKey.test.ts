import { afterEach, describe, expect, it, vi } from "vitest";
import { toKillSwitch } from "@/app/toKillSwitch";

afterEach(() => {
  document.body.innerHTML = "";
  history.replaceState(null, "", "/");
});

describe("the way to the kill switch", () => {
  it("opens the desk from elsewhere, and leaves the one that is open as it is", async () => {
    document.body.innerHTML = '<button id="killswitch"></button>';
    const navigate = vi.fn();
    history.replaceState(null, "", "/?instrument=XNYS:IBM");
    await toKillSwitch(navigate);
    expect(navigate).not.toHaveBeenCalled();
    expect(document.activeElement?.id).toBe("killswitch");
    history.replaceState(null, "", "/pods");
    await toKillSwitch(navigate);
    expect(navigate).toHaveBeenCalledExactlyOnceWith({ to: "/" });
  });
});
