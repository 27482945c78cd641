import { reach } from "./reach";
import { refresh } from "./refresh";
import { useSession } from "./session";

/** `fetch` with the access token; a 401 is answered by one refresh and one more try. */
export async function authFetch(input: Request): Promise<Response> {
  const again = input.clone();
  const response = await reach(withToken(input));
  if (response.status !== 401 || !(await refresh())) return response;
  return reach(withToken(again));
}

function withToken(request: Request): Request {
  const token = useSession.getState().accessToken;
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}
