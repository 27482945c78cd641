import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { READ_AGAIN_MS } from "./readAgain";

const MOST_PAGES = 3;

type PageOf<Item> = { items: Item[]; next_cursor?: string | null };

/**
 * A list of the API, page by page; `read` is given the next page's cursor, nothing at first. It is
 * read again and again, as long as few pages are open.
 */
export function usePages<Item, Page extends PageOf<Item>>(
  queryKey: QueryKey,
  read: (next: { cursor?: string }) => Promise<Page & PageOf<Item>>,
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam ? { cursor: pageParam } : {}),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) > MOST_PAGES ? false : READ_AGAIN_MS,
  });
}
