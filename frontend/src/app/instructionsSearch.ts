/** What of the instructions' page stands in the address: the version shown, and what beside it. */
export type InstructionsSearch = { version?: number; against?: number };

export function instructionsSearch(search: Record<string, unknown>): InstructionsSearch {
  const version = numberOf(search.version);
  const against = numberOf(search.against);
  return { ...(version ? { version } : {}), ...(against ? { against } : {}) };
}

function numberOf(value: unknown): number | null {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : null;
}
