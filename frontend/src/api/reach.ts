import { unreached } from "./unreached";

/** `fetch`, which throws a Problem where nobody answers. */
export async function reach(...asked: Parameters<typeof fetch>): Promise<Response> {
  try {
    return await fetch(...asked);
  } catch (error) {
    throw unreached(error);
  }
}
