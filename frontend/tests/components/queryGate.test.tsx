import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { QueryGate } from "@/components/ui/QueryGate";

afterEach(cleanup);

function Gate({ name, read }: { name: string; read: () => Promise<string> }) {
  const query = useQuery({ queryKey: [name], queryFn: read, retry: false });
  return (
    <QueryGate query={query} what="The pods">
      {(data) => <p>{data}</p>}
    </QueryGate>
  );
}

describe("a query without data", () => {
  it("keeps its error while it is read again, and another one has none of it", async () => {
    const client = new QueryClient();
    const gate = (name: string, read: () => Promise<string>) => (
      <QueryClientProvider client={client}>
        <Gate name={name} read={read} />
      </QueryClientProvider>
    );
    const view = render(gate("pods", () => Promise.reject(new Error("no pods"))));
    const alert = await screen.findByRole("alert");
    let answer: (data: string) => void = () => undefined;
    view.rerender(gate("pods", () => new Promise((resolve) => (answer = resolve))));
    await act(async () => void client.refetchQueries());
    expect(client.isFetching()).toBe(1);
    expect(screen.getByRole("alert")).toBe(alert);
    await act(async () => answer("eight pods"));
    expect(await screen.findByText("eight pods")).toBeTruthy();
    view.rerender(gate("others", () => new Promise(() => undefined)));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
