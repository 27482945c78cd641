import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "@/lib/useWords";
import { ErrorNote } from "./ErrorNote";
import { Note } from "./Note";
import { WORDS } from "./words";

type Props<T> = { query: UseQueryResult<T>; what: string; children: (data: T) => ReactNode };

/** Shows a query's data once it is there; before that its loading, or its error with a way on. */
export function QueryGate<T>({ query, what, children }: Props<T>) {
  const say = useWords(WORDS);
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return <ErrorNote error={query.error} what={say("cannot", { what })} onRetry={query.refetch} />;
  }
  return <Note busy>{say("loading", { what })}</Note>;
}
