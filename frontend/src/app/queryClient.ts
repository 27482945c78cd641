import { QueryClient } from "@tanstack/react-query";
import { worthAgain } from "@/api/worthAgain";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: worthAgain, refetchOnWindowFocus: true },
    },
  });
}
