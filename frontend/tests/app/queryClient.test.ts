import { MutationObserver, onlineManager, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createQueryClient } from "@/app/queryClient";

const away = () => Promise.reject(new TypeError("fetch failed"));

beforeEach(() => {
  vi.useFakeTimers();
  onlineManager.setOnline(false);
});
afterEach(() => {
  onlineManager.setOnline(true);
  vi.useRealTimers();
});

it("lets no order wait for the network: it fails, and is not sent once the network is back", async () => {
  const sent = vi.fn(away);
  const client = createQueryClient();
  client.mount();
  const order = new MutationObserver(client, { mutationFn: sent });
  await expect(order.mutate()).rejects.toThrow("fetch failed");
  onlineManager.setOnline(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveBeenCalledTimes(1);
  client.unmount();
});

it("says without a network that it cannot read, and reads again once it is back", async () => {
  let reads = 0;
  const queryFn = () => (onlineManager.isOnline() ? Promise.resolve(++reads) : away());
  const client = createQueryClient();
  client.mount();
  const query = new QueryObserver<number>(client, { queryKey: ["read"], queryFn, staleTime: 0 });
  const stop = query.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(query.getCurrentResult()).toMatchObject({ status: "error", fetchStatus: "idle" });
  onlineManager.setOnline(true);
  await vi.advanceTimersByTimeAsync(10);
  expect(query.getCurrentResult()).toMatchObject({ status: "success", data: 1 });
  stop();
  client.unmount();
});
