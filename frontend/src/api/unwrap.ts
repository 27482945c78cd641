import { problemOf } from "./problemOf";
import { unreached } from "./unreached";

type Answer<T> = { data?: T | undefined; error?: unknown; response: Response };

/** The answer's data; throws a Problem when it was refused or the server cannot be reached. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call.catch((error: unknown): never => {
    throw unreached(error);
  });
  if (!answer.response.ok) throw problemOf(answer.error, answer.response);
  return answer.data as T;
}
