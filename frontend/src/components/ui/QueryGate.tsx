import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { useWords } from "@/lib/useWords";
import { ErrorNote } from "./ErrorNote";
import { Note } from "./Note";
import { WORDS } from "./words";

type Props<T> = { query: UseQueryResult<T>; what: string; children: (data: T) => ReactNode };

/**
 * Shows a query's data once it is there; before that its loading, or its error with a way on. The query
 * forgets its error whenever it tries again: here it stays until there is data, and is announced once.
 */
export function QueryGate<T>({ query, what, children }: Props<T>) {
  const say = useWords(WORDS);
  const last = useRef<Error | null>(null);
  const error = query.error ?? (query.errorUpdateCount > 0 ? last.current : null);
  last.current = error;
  if (query.data !== undefined) return children(query.data);
  if (error) {
    return <ErrorNote error={error} what={say("cannot", { what })} onRetry={query.refetch} />;
  }
  return <Note busy>{say("loading", { what })}</Note>;
}
