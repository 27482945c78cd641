import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem";

/** Server state. A refusal is not asked again; an unreachable server is, twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) =>
          !(error instanceof Problem && error.status < 500 && error.status > 0) && count < 2,
        refetchOnWindowFocus: true,
      },
    },
  });
}
