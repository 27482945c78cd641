import { QueryClient } from "@tanstack/react-query";
import { worthAgain } from "@/api/worthAgain";

/**
 * What is asked without a network fails at once and says so. The library would hold it back until the
 * network returns: a page that loads for ever, and an order that goes out when nobody looks any more.
 */
const networkMode = "always";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: worthAgain,
        refetchOnWindowFocus: true,
        refetchOnReconnect: true,
        networkMode,
      },
      mutations: { networkMode },
    },
  });
}
