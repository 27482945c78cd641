type PageOf<Item> = { items: Item[]; next_cursor?: string | null };

const AT_ONCE = 200;

/** A whole list of the API, page after page. */
export async function allPages<Item>(
  read: (query: { limit: number; cursor?: string }) => Promise<PageOf<Item>>,
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await read({ limit: AT_ONCE, ...(cursor ? { cursor } : {}) });
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return all;
}
