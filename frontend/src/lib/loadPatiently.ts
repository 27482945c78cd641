import { reachable } from "./reachable";

/** Milliseconds until a file is asked for again: an outage of half a minute passes unseen. */
const PAUSES = [250, 500, 1000, 1000, 2000, 2000, 4000, 5000, 5000, 10_000, 30_000];

/** A file that every version of the page has. */
const ALWAYS_THERE = "/favicon.svg";

/**
 * What `load` brings, asked for until it comes, or until the server is there and still has no such
 * file: a newer version is deployed. Throws what the last attempt threw.
 */
export async function loadPatiently<T>(
  load: () => Promise<T>,
  pauses: readonly number[] = PAUSES,
): Promise<T> {
  for (const pause of pauses) {
    try {
      return await load();
    } catch {
      if (await reachable(ALWAYS_THERE)) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return await load();
}
