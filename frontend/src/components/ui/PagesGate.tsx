import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "@/lib/useWords";
import { Button } from "./Button";
import { ErrorNote } from "./ErrorNote";
import { Note } from "./Note";
import { QueryGate } from "./QueryGate";
import { WORDS } from "./words";

type Props<Item> = {
  query: UseInfiniteQueryResult<InfiniteData<{ items: Item[] }>>;
  what: string;
  /** Said where the list is empty. */
  none: string;
  children: (items: Item[]) => ReactNode;
};

/** Shows a list that comes page by page, with a way to the next page, and to try again. */
export function PagesGate<Item>({ query, what, none, children }: Props<Item>) {
  const say = useWords(WORDS);
  return (
    <>
      <QueryGate query={query} what={what}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length ? children(items) : <Note>{none}</Note>;
        }}
      </QueryGate>
      {query.isFetchNextPageError ? <ErrorNote error={query.error} /> : null}
      {query.hasNextPage ? (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {say("more")}
        </Button>
      ) : null}
    </>
  );
}
