import { authFetch } from "@/api/authFetch";
import { problemIn } from "@/api/problemIn";

const ENDINGS = { json: "json", markdown: "md" } as const;

export type Form = keyof typeof ENDINGS;

/** Saves all of one's conversations as a file. Throws a Problem. */
export async function takeAlong(form: Form): Promise<void> {
  const url = `${location.origin}/api/v1/threads/export?form=${form}`;
  const response = await authFetch(new Request(url));
  if (!response.ok) throw await problemIn(response);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `conversations.${ENDINGS[form]}`;
  link.click();
  URL.revokeObjectURL(link.href);
}
