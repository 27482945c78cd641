export type Command = { id: string; text: string; keys?: string; run: () => void };

/**
 * The commands that hold every word of the query, those first whose words begin with it. An empty
 * query leaves all of them as they are.
 */
export function matching(commands: readonly Command[], query: string): Command[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  return commands
    .map((command) => ({ command, rank: rank(plain(command.text), wanted) }))
    .filter((each) => each.rank >= 0)
    .sort((left, right) => right.rank - left.rank)
    .map((each) => each.command);
}

/** How many of the words a word of the text begins with; −1 where one is not in it at all. */
function rank(text: string, wanted: readonly string[]): number {
  if (!wanted.every((word) => text.includes(word))) return -1;
  const said = text.split(/[^\p{L}\p{N}]+/u);
  return wanted.filter((word) => said.some((each) => each.startsWith(word))).length;
}

/** Small letters without accents. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
